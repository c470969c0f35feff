//! What was worked out from the log, kept until the log is longer.

use std::cell::RefCell;
use std::sync::Arc;

/// A value that follows from the operations of a review alone. Nothing is ever taken out of the log, so that as many operations are the
/// same operations: undoing one appends another.
#[derive(Debug)]
pub(super) struct Memo<T: ?Sized>(RefCell<Option<(usize, Arc<T>)>>);

impl<T: ?Sized> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: ?Sized> Memo<T> {
    /// Returns the value after so many operations; `work` finds it where it is not known.
    pub fn after(&self, operations: usize, work: impl FnOnce() -> Arc<T>) -> Arc<T> {
        match self.known(operations) {
            Some(value) => value,
            None => self.keep(operations, work()),
        }
    }

    /// As [`Memo::after`], where the work may fail; a failure is not kept.
    ///
    /// # Errors
    /// The error of `work`.
    pub fn try_after<E>(&self, operations: usize, work: impl FnOnce() -> Result<Arc<T>, E>) -> Result<Arc<T>, E> {
        match self.known(operations) {
            Some(value) => Ok(value),
            None => work().map(|value| self.keep(operations, value)),
        }
    }

    fn known(&self, operations: usize) -> Option<Arc<T>> {
        self.0.borrow().as_ref().filter(|(known, _)| *known == operations).map(|(_, value)| Arc::clone(value))
    }

    fn keep(&self, operations: usize, value: Arc<T>) -> Arc<T> {
        *self.0.borrow_mut() = Some((operations, Arc::clone(&value)));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_once_for_as_many_operations() {
        let memo: Memo<usize> = Memo::default();
        assert_eq!(*memo.after(3, || Arc::new(30)), 30);
        assert_eq!(*memo.after(3, || unreachable!("it is known")), 30);
        assert_eq!(*memo.after(4, || Arc::new(40)), 40);
        assert_eq!(*memo.after(3, || Arc::new(31)), 31);
        assert_eq!(memo.try_after(9, || Err("no")), Err("no"));
        assert_eq!(memo.try_after(9, || Ok::<_, &str>(Arc::new(90))).as_deref(), Ok(&90));
    }
}

//! Small dense linear algebra: symmetric systems by Cholesky, weighted least squares, symmetric eigenvalues.
//!
//! Sizes are those of meta-regression (a handful of columns), so matrices are plain row-major vectors.

/// A dense matrix in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// Makes a matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// Makes a matrix from rows of equal length; shorter rows are filled up with zeros.
    pub fn from_rows(rows: &[Vec<f64>]) -> Self {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut matrix = Self::zeros(rows.len(), columns);
        for (i, row) in rows.iter().enumerate() {
            matrix.values[i * columns..i * columns + row.len()].copy_from_slice(row);
        }
        matrix
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Returns one row as a slice.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// Returns one element.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.columns + j]
    }

    /// Replaces one element.
    pub fn put(&mut self, i: usize, j: usize, value: f64) {
        self.values[i * self.columns + j] = value;
    }

    /// Returns the matrix product `self * other`.
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for i in 0..self.rows {
            for l in 0..self.columns.min(other.rows) {
                let factor = self.get(i, l);
                // Design and structure matrices are mostly zeros.
                if factor != 0.0 {
                    let line = &mut product.values[i * other.columns..(i + 1) * other.columns];
                    for (cell, x) in line.iter_mut().zip(other.row(l)) {
                        *cell += factor * x;
                    }
                }
            }
        }
        product
    }

    /// Returns the product with a vector.
    pub fn times_vector(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| self.row(i).iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }

    /// Returns the transposed matrix.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut turned = Self::zeros(self.columns, self.rows);
        for i in 0..self.rows {
            for j in 0..self.columns {
                turned.put(j, i, self.get(i, j));
            }
        }
        turned
    }

    /// Adds a multiple of another matrix of the same size.
    pub fn add_scaled(&mut self, factor: f64, other: &Self) {
        for (a, b) in self.values.iter_mut().zip(&other.values) {
            *a += factor * b;
        }
    }

    /// Returns the rows and columns at these places.
    #[must_use]
    pub fn block(&self, rows: &[usize], columns: &[usize]) -> Self {
        let mut block = Self::zeros(rows.len(), columns.len());
        for (i, &row) in rows.iter().enumerate() {
            for (j, &column) in columns.iter().enumerate() {
                block.put(i, j, self.get(row, column));
            }
        }
        block
    }

    /// Returns the sum of the products of corresponding elements, `tr(self' other)`.
    pub fn inner(&self, other: &Self) -> f64 {
        self.values.iter().zip(&other.values).map(|(a, b)| a * b).sum()
    }

    /// Returns the sum of the diagonal.
    pub fn trace(&self) -> f64 {
        (0..self.rows.min(self.columns)).map(|i| self.get(i, i)).sum()
    }

    /// Returns the quadratic form `u' self v`.
    pub fn form(&self, u: &[f64], v: &[f64]) -> f64 {
        (0..self.rows).map(|i| u[i] * self.row(i).iter().zip(v).map(|(a, b)| a * b).sum::<f64>()).sum()
    }
}

/// Returns `X' diag(weights) X` for a design matrix with one row per observation.
pub fn weighted_cross_product(design: &Matrix, weights: &[f64]) -> Matrix {
    let p = design.columns();
    let mut product = Matrix::zeros(p, p);
    for (i, &weight) in weights.iter().enumerate() {
        let row = design.row(i);
        for a in 0..p {
            let factor = weight * row[a];
            for (cell, x) in product.values[a * p..=a * p + a].iter_mut().zip(row) {
                *cell += factor * x;
            }
        }
    }
    for a in 0..p {
        for b in a + 1..p {
            product.values[a * p + b] = product.values[b * p + a];
        }
    }
    product
}

/// A Cholesky factor of a symmetric positive definite matrix.
#[derive(Debug, Clone)]
pub struct Cholesky {
    size: usize,
    lower: Matrix,
}

impl Cholesky {
    /// Factors a symmetric matrix; `None` when it is not positive definite (to working precision, relative to its diagonal).
    pub fn new(matrix: &Matrix) -> Option<Self> {
        let n = matrix.rows();
        let mut lower = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..=i {
                let mut sum = matrix.get(i, j);
                for l in 0..j {
                    sum -= lower.get(i, l) * lower.get(j, l);
                }
                if i == j {
                    if sum.is_nan() || sum <= 1e-14 * matrix.get(i, i).abs() {
                        return None;
                    }
                    lower.put(i, i, sum.sqrt());
                } else {
                    lower.put(i, j, sum / lower.get(j, j));
                }
            }
        }
        Some(Self { size: n, lower })
    }

    /// Solves the system for one right-hand side.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = right.to_vec();
        for i in 0..n {
            for j in 0..i {
                x[i] -= self.lower.get(i, j) * x[j];
            }
            x[i] /= self.lower.get(i, i);
        }
        for i in (0..n).rev() {
            for j in i + 1..n {
                x[i] -= self.lower.get(j, i) * x[j];
            }
            x[i] /= self.lower.get(i, i);
        }
        x
    }

    /// Returns the lower triangular factor.
    pub fn lower(&self) -> &Matrix {
        &self.lower
    }

    /// Returns the inverse of the factored matrix.
    ///
    /// The inverse of the triangle is found row by row, then multiplied by its transpose; zeros of block structures cost nothing.
    pub fn inverse(&self) -> Matrix {
        let n = self.size;
        let mut triangle = Matrix::zeros(n, n);
        for i in 0..n {
            let (known, rest) = triangle.values.split_at_mut(i * n);
            let row = &mut rest[..n];
            for (l, factor) in self.lower.row(i)[..i].iter().enumerate() {
                if *factor != 0.0 {
                    for (cell, x) in row.iter_mut().zip(&known[l * n..l * n + l + 1]) {
                        *cell -= factor * x;
                    }
                }
            }
            row[i] = 1.0;
            let pivot = 1.0 / self.lower.get(i, i);
            row[..=i].iter_mut().for_each(|cell| *cell *= pivot);
        }
        let mut inverse = Matrix::zeros(n, n);
        for row in triangle.values.chunks(n.max(1)) {
            for (i, factor) in row.iter().enumerate() {
                if *factor != 0.0 {
                    for (cell, x) in inverse.values[i * n..i * n + i + 1].iter_mut().zip(row) {
                        *cell += factor * x;
                    }
                }
            }
        }
        for i in 0..n {
            for j in 0..i {
                let value = inverse.get(i, j);
                inverse.put(j, i, value);
            }
        }
        inverse
    }

    /// Returns the natural logarithm of the determinant of the factored matrix.
    pub fn ln_determinant(&self) -> f64 {
        (0..self.size).map(|i| 2.0 * self.lower.get(i, i).ln()).sum()
    }
}

/// Returns the eigenvalues of a symmetric matrix in ascending order, by cyclic Jacobi rotations.
///
/// Cost grows with the cube of the size; meant for sizes up to a few hundred. Source: Golub and Van Loan (2013), section 8.5.
pub fn symmetric_eigenvalues(matrix: &Matrix) -> Vec<f64> {
    let (mut values, _) = symmetric_eigen(matrix);
    values.sort_by(f64::total_cmp);
    values
}

/// Returns the eigenvalues of a symmetric matrix, in no order, and its eigenvectors as the columns of a matrix in the same order.
pub fn symmetric_eigen(matrix: &Matrix) -> (Vec<f64>, Matrix) {
    let n = matrix.rows();
    let mut a = matrix.clone();
    let mut vectors = Matrix::zeros(n, n);
    for i in 0..n {
        vectors.put(i, i, 1.0);
    }
    for _ in 0..100 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a.get(i, j).powi(2)).sum();
        let on: f64 = (0..n).map(|i| a.get(i, i).powi(2)).sum();
        if off <= 1e-32 * on || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let apq = a.get(p, q);
                if apq == 0.0 {
                    continue;
                }
                let theta = (a.get(q, q) - a.get(p, p)) / (2.0 * apq);
                let t = 1f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for l in 0..n {
                    let (alp, alq) = (a.get(l, p), a.get(l, q));
                    a.put(l, p, c * alp - s * alq);
                    a.put(l, q, s * alp + c * alq);
                }
                for l in 0..n {
                    let (apl, aql) = (a.get(p, l), a.get(q, l));
                    a.put(p, l, c * apl - s * aql);
                    a.put(q, l, s * apl + c * aql);
                    let (vlp, vlq) = (vectors.get(l, p), vectors.get(l, q));
                    vectors.put(l, p, c * vlp - s * vlq);
                    vectors.put(l, q, s * vlp + c * vlq);
                }
            }
        }
    }
    ((0..n).map(|i| a.get(i, i)).collect(), vectors)
}

/// Returns the symmetric inverse square root of a positive semidefinite matrix; directions with a negligible eigenvalue are left out.
pub fn inverse_square_root(matrix: &Matrix) -> Matrix {
    let n = matrix.rows();
    let (values, vectors) = symmetric_eigen(matrix);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let mut root = Matrix::zeros(n, n);
    for (l, value) in values.iter().enumerate() {
        if *value <= 1e-12 * largest {
            continue;
        }
        let factor = 1.0 / value.sqrt();
        for i in 0..n {
            for j in 0..n {
                let cell = root.get(i, j) + factor * vectors.get(i, l) * vectors.get(j, l);
                root.put(i, j, cell);
            }
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cholesky_inverts_a_small_matrix() {
        let a = Matrix::from_rows(&[vec![4.0, 2.0, 0.6], vec![2.0, 5.0, 1.0], vec![0.6, 1.0, 3.0]]);
        let product = a.times(&Cholesky::new(&a).unwrap().inverse());
        for i in 0..3 {
            for j in 0..3 {
                assert!((product.get(i, j) - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn cholesky_refuses_a_singular_matrix() {
        assert!(Cholesky::new(&Matrix::from_rows(&[vec![1.0, 1.0], vec![1.0, 1.0]])).is_none());
    }

    #[test]
    fn eigenvalues_of_a_two_by_two_are_exact() {
        let values = symmetric_eigenvalues(&Matrix::from_rows(&[vec![2.0, 1.0], vec![1.0, 2.0]]));
        assert!((values[0] - 1.0).abs() < 1e-14 && (values[1] - 3.0).abs() < 1e-14);
    }
}

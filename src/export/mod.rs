//! What leaves the review: pictures in pixels and tables in common formats, as bytes and text. Nothing here writes a file.

pub mod archive;
pub mod characteristics;
pub mod csv_safe;
pub mod docx;
pub mod prisma;
pub mod raster;
pub mod revman;
pub mod table;
pub mod xlsx;

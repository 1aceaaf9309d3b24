//! What is wrong with the text itself. IAM reads strict JSON, and so does whatever comes between a file and IAM.

pub mod duplicate_key;
pub mod invalid_json;

/// No file is worth more findings of one cause than anyone reads.
const MOST: usize = 20;

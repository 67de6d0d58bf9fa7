//! The ZIP package of a workbook, opened so that a bomb cannot go off.
//!
//! Sizes in ZIP headers are claims of whoever made the file. What counts is what really comes out:
//! all parts together draw on one meter, and reading stops when it is empty. Parts that nobody
//! asks for are never unpacked.

use super::sheet::{MAX_PARTS, MAX_UNPACKED};
use contest::intake::{Problem, ProblemCode};
use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;
use zip::ZipArchive;
use zip::result::ZipError;

/// Bytes that may still come out; `None` once more was asked for.
type Meter = Rc<Cell<Option<u64>>>;

/// A package being read.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    meter: Meter,
}

/// One part, unpacked as it is read.
pub(super) type Part<'p> = BufReader<Metered<Box<dyn Read + 'p>>>;

impl<'a> Package<'a> {
    /// Opens a package; nothing is unpacked yet.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        // Before the directory is parsed: 8 MB have room for 180,000 entries of it.
        let entries = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
        if entries > MAX_PARTS {
            return Err(Problem::of_file(ProblemCode::TooManyParts).limit(MAX_PARTS as u64));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refuse(&error))?;
        let meter = Rc::new(Cell::new(Some(MAX_UNPACKED)));
        let package = Self { zip, meter };
        // An honest header saves the work of counting; a lying one is caught by the meter.
        match package.zip.decompressed_size() {
            Some(size) if size > u128::from(MAX_UNPACKED) => Err(too_large()),
            _ => Ok(package),
        }
    }

    /// Begins to unpack a part; `None` if there is no such part. Names ignore case, as in Excel.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, Problem> {
        let found = self.zip.index_for_name(name).or_else(|| {
            let same = |raw: &[u8]| raw.eq_ignore_ascii_case(name.as_bytes());
            self.zip.file_names_raw().position(same)
        });
        let Some(index) = found else { return Ok(None) };
        let meter = Rc::clone(&self.meter);
        let inner: Box<dyn Read + '_> = Box::new(self.zip.by_index(index).map_err(|error| refuse(&error))?);
        Ok(Some(BufReader::new(Metered { inner, meter })))
    }

    /// What to say when reading a part failed: too much came out, or it is damaged.
    pub(super) fn failure(&self) -> Problem {
        match self.meter.get() {
            None => too_large(),
            Some(_) => Problem::of_file(ProblemCode::Damaged),
        }
    }
}

fn too_large() -> Problem {
    Problem::of_file(ProblemCode::TooLarge).limit(MAX_UNPACKED)
}

fn refuse(error: &ZipError) -> Problem {
    Problem::of_file(match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => ProblemCode::Encrypted,
        _ => ProblemCode::Damaged,
    })
}

/// A reader that draws on the meter.
pub(super) struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.meter.get().and_then(|left| left.checked_sub(read as u64));
        self.meter.set(left);
        match left {
            Some(_) => Ok(read),
            None => Err(io::Error::other("unpacks to more than is accepted")),
        }
    }
}

//! Pictures made for a test: PNG files with every checksum right.

use std::io::Write;

use anyhow::Result;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// A black one, one bit a pixel: small as a file, however large it is.
///
/// # Errors
/// When it cannot be packed.
pub fn black(width: u32, height: u32) -> Result<Vec<u8>> {
    let row = vec![0; width.div_ceil(8) as usize];
    png((width, height), [1, 0], |_| row.clone())
}

/// A logo: an ellipse on a coloured ground with a darker edge, so that whoever looks at it sees whether it is whole
/// and not out of shape.
///
/// # Errors
/// When it cannot be packed.
pub fn logo(width: u32, height: u32, colour: [u8; 3]) -> Result<Vec<u8>> {
    let edge = (width.min(height) / 12).max(1);
    let from_middle = |at: u32, of: u32| (f64::from(at) + 0.5) / f64::from(of) * 2.0 - 1.0;
    png((width, height), [8, 2], |y| {
        let pixel = |x: u32| {
            let at_edge = x < edge || y < edge || x >= width - edge || y >= height - edge;
            let round = from_middle(x, width).powi(2) + from_middle(y, height).powi(2);
            match (at_edge, round < 0.6) {
                (true, _) => colour.map(|part| part / 2),
                (false, true) => [255, 246, 214],
                (false, false) => colour,
            }
        };
        (0..width).flat_map(pixel).collect()
    })
}

/// A file of rows: `kind` is the bits of a sample and the kind of colour.
fn png((width, height): (u32, u32), kind: [u8; 2], row: impl Fn(u32) -> Vec<u8>) -> Result<Vec<u8>> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for y in 0..height {
        // No filter.
        packed.write_all(&[0])?;
        packed.write_all(&row(y))?;
    }
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend(kind);
    head.extend([0, 0, 0]);
    let chunks: [(&[u8; 4], Vec<u8>); 3] = [(b"IHDR", head), (b"IDAT", packed.finish()?), (b"IEND", vec![])];
    let mut file = SIGNATURE.to_vec();
    for (name, content) in chunks {
        file.extend((content.len() as u32).to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(&content);
        file.extend(name);
        file.extend(content);
        file.extend(sum.sum().to_be_bytes());
    }
    Ok(file)
}

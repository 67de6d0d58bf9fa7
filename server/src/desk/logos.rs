//! Logos: images that somebody uploads. Nothing of the file is kept but its pixels.

use std::io::Cursor;
use std::time::Duration;

use app::backend::{Answer, AppError, Visit};
use contest::command::Facts;
use contest::hall_view::has_logo;
use contest::screen::{Logo, ScreenAct};
use contest::{Command, ContestId, Digest};
use data_encoding::BASE64;
use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, resize};
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbaImage};
use tokio::sync::Semaphore;

use super::{Effects, House};
use crate::store::{StoreError, content};

/// The largest file, in bytes.
pub(crate) const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// The longest side of what is taken in, in pixels; and of what is kept.
const LONGEST_SIDE: u32 = 6_000;
const LONGEST_KEPT: u32 = 800;
/// What decoding may hold in memory.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const DECODED_WITHIN: Duration = Duration::from_secs(10);
/// Images are decoded one after the other: a laptop also has a contest to run.
static TURN: Semaphore = Semaphore::const_new(1);

impl House {
    /// Decodes an uploaded image and keeps it for the contest.
    pub(super) async fn take_logo(
        &self,
        visit: &Visit,
        contest: &ContestId,
        name: &str,
        file: Vec<u8>,
    ) -> Answer<u64> {
        self.staff(visit, contest).await?;
        let kept = tokio::time::timeout(DECODED_WITHIN, decoded(file))
            .await
            .map_err(|_| AppError::BadImage)??;
        let body = BASE64.encode(&kept.png);
        let act = ScreenAct::AddLogo {
            logo: Logo {
                hash: Digest::of(body.as_bytes()),
                name: name.to_owned(),
                width: kept.width,
                height: kept.height,
            },
        };
        let effects: Effects = Box::new(move |_, _| {
            let body = body.clone();
            Box::new(move |tx| Box::pin(async move { content::put(tx, &body).await.map(|_| ()) }))
        });
        let after = self
            .record(
                &visit.actor_in(contest),
                &visit.device_label,
                contest,
                &Facts::default(),
                Command::Screen { act },
                Some(effects),
            )
            .await?;
        Ok(after.seq)
    }

    /// The PNG of a logo that the contest names; other content is nobody's business.
    pub(super) async fn logo_png(&self, contest: &ContestId, hash: &Digest) -> Answer<Vec<u8>> {
        let state = self.load(contest).await?;
        if !has_logo(&state, hash) {
            return Err(AppError::NotFound);
        }
        let body = content::get(self.store.read(), hash).await?;
        let body = body.ok_or(StoreError::Unreadable("content of a logo"))?;
        let png = BASE64.decode(body.as_bytes());
        Ok(png.map_err(|_| StoreError::Unreadable("content of a logo"))?)
    }
}

/// An image as it is kept.
#[derive(Debug)]
struct Kept {
    png: Vec<u8>,
    width: u32,
    height: u32,
}

/// Decodes outside the threads that answer visitors. Whoever gives up waiting leaves his turn only when
/// the decoder has ended.
async fn decoded(file: Vec<u8>) -> Result<Kept, AppError> {
    if file.len() > LARGEST_FILE {
        return Err(AppError::TooLarge);
    }
    let turn = TURN.acquire().await.map_err(|_| AppError::Internal)?;
    tokio::task::spawn_blocking(move || {
        let kept = decode(&file);
        drop(turn);
        kept
    })
    .await
    // A decoder that panics has met what is no image.
    .unwrap_or(Err(AppError::BadImage))
}

fn decode(file: &[u8]) -> Result<Kept, AppError> {
    let format = image::guess_format(file).map_err(bad)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) || !is_whole(format, file)
    {
        return Err(AppError::BadImage);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(bad)?;
    // Before a single pixel is decoded.
    let (width, height) = decoder.dimensions();
    if width > LONGEST_SIDE || height > LONGEST_SIDE || decoder.total_bytes() > MOST_MEMORY {
        return Err(AppError::TooLarge);
    }
    // As the camera was held.
    let orientation = decoder.orientation().map_err(bad)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(bad)?;
    image.apply_orientation(orientation);
    let small = scaled_down(image);
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(
            small.as_raw(),
            small.width(),
            small.height(),
            image::ExtendedColorType::Rgba8,
        )
        .map_err(bad)?;
    Ok(Kept {
        png,
        width: small.width(),
        height: small.height(),
    })
}

fn bad(error: image::ImageError) -> AppError {
    match error {
        image::ImageError::Limits(_) => AppError::TooLarge,
        _ => AppError::BadImage,
    }
}

/// Whether the file ends where its image ends: what follows an image is there for another reader.
/// Cameras write after a JPEG, so there it is let pass; it is dropped all the same.
fn is_whole(format: ImageFormat, file: &[u8]) -> bool {
    let length = |at: usize| -> Option<[u8; 4]> { file.get(at..at + 4)?.try_into().ok() };
    match format {
        ImageFormat::Png => {
            let mut at = 8;
            while let (Some(size), Some(kind)) = (length(at), length(at + 4)) {
                // Length, kind, content, checksum.
                at = match (u32::from_be_bytes(size) as usize).checked_add(at + 12) {
                    Some(next) => next,
                    None => return false,
                };
                if &kind == b"IEND" {
                    return at == file.len();
                }
            }
            false
        }
        ImageFormat::WebP => {
            let told = length(4).map(|size| u32::from_le_bytes(size) as usize + 8);
            told.is_some_and(|told| told == file.len() || told + 1 == file.len())
        }
        _ => true,
    }
}

/// At most [`LONGEST_KEPT`] on its longer side. Transparent pixels lend their edges no colour of their own.
fn scaled_down(image: DynamicImage) -> RgbaImage {
    let mut image = image.into_rgba8();
    let longest = image.width().max(image.height());
    if longest <= LONGEST_KEPT {
        return image;
    }
    let side = |side: u32| {
        let scaled = u64::from(side) * u64::from(LONGEST_KEPT) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(LONGEST_KEPT).max(1)
    };
    let (width, height) = (side(image.width()), side(image.height()));
    for pixel in image.pixels_mut() {
        let [r, g, b, a] = pixel.0.map(u32::from);
        pixel.0 = [r * a / 255, g * a / 255, b * a / 255, a].map(|part| part as u8);
    }
    let mut small = resize(&image, width, height, FilterType::Triangle);
    for pixel in small.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for part in &mut pixel.0[..3] {
            // As it was before it was weighed; nothing is seen of what is wholly transparent.
            *part = (u32::from(*part) * 255).checked_div(alpha).unwrap_or(0).min(255) as u8;
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image of that size, each pixel another.
    fn picture(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([x as u8, y as u8, 99, 255])
        }))
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let image = if format == ImageFormat::Jpeg {
            DynamicImage::ImageRgb8(image.to_rgb8())
        } else {
            image.clone()
        };
        image.write_to(&mut file, format).expect("an image is written");
        file.into_inner()
    }

    /// A chunk of a PNG with its checksum.
    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut body = kind.to_vec();
        body.extend(content);
        let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
        chunk.extend(&body);
        let crc = !body.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
            })
        });
        chunk.extend(crc.to_be_bytes());
        chunk
    }

    /// The head of a PNG of that size, with `rest` after it.
    fn png_of(width: u32, height: u32, rest: &[u8]) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
        head.extend([8, 6, 0, 0, 0]);
        file.extend(chunk(b"IHDR", &head));
        file.extend(rest);
        file.extend(chunk(b"IEND", b""));
        file
    }

    #[test]
    fn three_kinds_are_taken_and_kept_as_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let kept = decode(&written(&picture(120, 40), format)).expect("an image");
            assert_eq!((kept.width, kept.height), (120, 40));
            assert_eq!(image::guess_format(&kept.png).ok(), Some(ImageFormat::Png));
        }
    }

    #[test]
    fn a_large_one_is_scaled_down() {
        let kept = decode(&written(&picture(2400, 600), ImageFormat::Png)).expect("an image");
        assert_eq!((kept.width, kept.height), (800, 200));
        let kept = decode(&written(&picture(3000, 1), ImageFormat::Png)).expect("an image");
        assert_eq!((kept.width, kept.height), (800, 1));
    }

    #[test]
    fn transparent_pixels_do_not_darken_the_edge() {
        // White on transparent black: scaled down, everything that is seen stays white.
        let image = RgbaImage::from_fn(1600, 4, |x, _| {
            if x % 3 == 0 {
                image::Rgba([255; 4])
            } else {
                image::Rgba([0; 4])
            }
        });
        let small = scaled_down(DynamicImage::ImageRgba8(image));
        for pixel in small.pixels().filter(|pixel| pixel.0[3] > 8) {
            assert!(pixel.0[0] >= 250, "{pixel:?}");
        }
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        let whole = written(&picture(8, 8), ImageFormat::Png);
        let cut = &whole[..whole.len() / 2];
        let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
        let mut broken = written(&picture(8, 8), ImageFormat::Jpeg);
        broken.truncate(30);
        for file in [
            &b""[..],
            b"a",
            svg,
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"BM______",
            gif,
            cut,
            &broken,
        ] {
            assert_eq!(
                decode(file).err(),
                Some(AppError::BadImage),
                "{}",
                String::from_utf8_lossy(file)
            );
        }
    }

    #[test]
    fn what_is_two_things_at_once_is_refused() {
        let mut page = written(&picture(8, 8), ImageFormat::Png);
        page.extend(b"<script>alert(1)</script>");
        assert_eq!(decode(&page).err(), Some(AppError::BadImage));
        let mut archive = written(&picture(8, 8), ImageFormat::WebP);
        archive.extend(b"PK\x03\x04 and so on");
        assert_eq!(decode(&archive).err(), Some(AppError::BadImage));
        // What a camera leaves behind its picture is not kept.
        let mut photo = written(&picture(8, 8), ImageFormat::Jpeg);
        photo.extend(b"<script>alert(1)</script>");
        let kept = decode(&photo).expect("an image");
        assert!(!kept.png.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn words_inside_an_image_are_not_kept() {
        let whole = written(&picture(8, 8), ImageFormat::Png);
        let mut file = whole[..33].to_vec();
        file.extend(chunk(b"tEXt", b"Comment\0<script>alert(1)</script>"));
        file.extend(&whole[33..]);
        let kept = decode(&file).expect("an image");
        assert!(!kept.png.windows(8).any(|window| window == b"<script>"));
    }

    #[tokio::test]
    async fn bombs_are_refused_before_they_go_off() {
        // Pictures without a fault that are too wide or too high.
        for (width, height) in [(6_001, 10), (10, 6_001)] {
            let wide = written(&picture(width, height), ImageFormat::Png);
            assert_eq!(decode(&wide).err(), Some(AppError::TooLarge), "{width}x{height}");
        }
        // So many pixels that they do not fit, in a file of a few bytes whose rest nobody reads.
        for (width, height) in [(60_000, 60_000), (20_000, 20_000), (i32::MAX as u32, 1)] {
            let bomb = png_of(width, height, &chunk(b"IDAT", &[0; 16]));
            assert_eq!(decode(&bomb).err(), Some(AppError::TooLarge), "{width}x{height}");
        }
        // No side is too long, but all of it does not fit in memory.
        let heavy = png_of(6_000, 6_000, &chunk(b"IDAT", &[0; 16]));
        assert_eq!(decode(&heavy).err(), Some(AppError::TooLarge));
        // A JPEG that says that it is 65,500 pixels wide and high.
        let mut jpeg = written(&picture(16, 16), ImageFormat::Jpeg);
        let at = jpeg
            .windows(2)
            .position(|mark| mark == [0xff, 0xc0])
            .expect("a frame");
        jpeg[at + 5..at + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        assert_eq!(decode(&jpeg).err(), Some(AppError::TooLarge));
        // Words that are said to be small and unpack to much.
        let mut file = written(&picture(8, 8), ImageFormat::Png);
        let mut packed = fdeflate_of(64 * 1024 * 1024);
        let mut content = b"Comment\0\0".to_vec();
        content.append(&mut packed);
        let text = chunk(b"zTXt", &content);
        file.splice(33..33, text);
        let kept = decode(&file);
        assert!(kept.is_ok_and(|kept| kept.png.len() < 1024), "skipped or refused");
        assert_eq!(
            decoded(vec![0; LARGEST_FILE + 1]).await.err(),
            Some(AppError::TooLarge)
        );
    }

    /// So many zeros, packed as PNG packs them.
    fn fdeflate_of(zeros: usize) -> Vec<u8> {
        // The picture's own packing is the packer at hand: one row of zeros, filter byte and all.
        let side = 4096;
        let image = image::GrayImage::new(side, (zeros / side as usize) as u32);
        let file = written(
            &DynamicImage::ImageLuma8(image).into_rgba8().into(),
            ImageFormat::Png,
        );
        let at = file.windows(4).position(|kind| kind == b"IDAT").expect("pixels");
        let length = u32::from_be_bytes(file[at - 4..at].try_into().expect("four bytes")) as usize;
        file[at + 4..at + 4 + length].to_vec()
    }
}

//! The rules as an organizer edits them: a plain form, read from the page as a browser reads it.

use anyhow::{Context, Result};
use harness::{Engine, Hall, on_both_engines};
use regex::Regex;

/// The fields of a page's form and their values, in the order of the page.
pub(crate) struct Form(Vec<(String, String)>);

fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = Regex::new(&format!(r#"(?:^|\s){name}="([^"]*)""#))
        .ok()?
        .captures(tag)?;
    let text = found[1]
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    Some(text.replace("&#39;", "'").replace("&amp;", "&"))
}

impl Form {
    /// Reads the form that posts to `function`.
    pub(crate) fn of(page: &str, function: &str) -> Result<Self> {
        let begin = page
            .find(&format!("action=\"/api/fn/{function}\""))
            .with_context(|| format!("no form for {function}"))?;
        let end = page[begin..].find("</form>").context("its end")?;
        let (selected, checked) = (Regex::new(r"(?:^|\s)selected")?, Regex::new(r"(?:^|\s)checked")?);
        let mut fields = Vec::new();
        let mut select = None;
        for tag in Regex::new(r"<(input|select|option)\b([^>]*)>")?.captures_iter(&page[begin..begin + end]) {
            let (kind, tag) = (&tag[1], &tag[2]);
            let value = attribute(tag, "value").unwrap_or_default();
            match kind {
                "select" => {
                    select = attribute(tag, "name");
                }
                "option" if selected.is_match(tag) => {
                    if let Some(name) = select.clone() {
                        fields.push((name, value));
                    }
                }
                "input" => {
                    let ticked =
                        attribute(tag, "type").as_deref() != Some("checkbox") || checked.is_match(tag);
                    if let Some(name) = attribute(tag, "name").filter(|_| ticked) {
                        fields.push((name, value));
                    }
                }
                _ => {}
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let found = self.0.iter_mut().find(|(of, _)| of == name);
        found.with_context(|| format!("no field {name}"))?.1 = value.to_owned();
        Ok(())
    }

    /// Takes the tick out of a box.
    pub(crate) fn unticks(&mut self, name: &str) -> Result<()> {
        self.get(name).with_context(|| format!("{name} is ticked"))?;
        self.0.retain(|(of, _)| of != name);
        Ok(())
    }

    /// Sends it as the browser does; the page that he then sees.
    pub(crate) async fn sent(&self, hall: &Hall, from: &str, function: &str) -> Result<(String, String)> {
        let fields: Vec<(&str, &str)> = self.0.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = hall.organizer.form(from, function, &fields).await?;
        let to = answer.location.context("sent on")?;
        let path = to.strip_prefix(hall.base()).unwrap_or(&to).to_owned();
        let page = hall.organizer.page(&path).await?;
        Ok((path, page))
    }
}

on_both_engines! {
    async fn a_template_is_chosen_and_edited_to_the_last_field(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.creates("Hội thi Dân vận khéo").await?;
        let path = format!("/hoi-thi/{}/the-le", hall.contest);

        let choice = [("contest", &*hall.contest), ("template", "G4")];
        hall.organizer.form(&path, "choose_template", &choice).await?.ok()?;
        let page = hall.organizer.page(&path).await?;
        let mut form = Form::of(&page, "set_rules")?;
        assert_eq!(form.get("rounds[1][stage][overtime]"), Some("once"));
        assert_eq!(form.get("rounds[1][rubric][0][maximum]"), Some("40"));

        // A criterion renamed, one dropped, one added before all others; the clock, the panel and the prizes.
        for (name, value) in [
            ("rounds[1][rubric][0][name]", "Nội dung sát thực tiễn"),
            ("rounds[1][rubric][4][name]", ""),
            ("rounds[1][rubric][4][maximum]", ""),
            ("rounds[1][rubric][5][name]", "Tác phong"),
            ("rounds[1][rubric][5][maximum]", "10"),
            ("rounds[1][rubric][5][step]", "0,5"),
            ("rounds[1][rubric][5][order]", "0"),
            ("rounds[1][stage][limit]", "7:30"),
            ("rounds[1][stage][warning]", "6"),
            ("rounds[1][stage][judges]", "trimmed"),
            ("rounds[1][stage][trimmed_from]", "5"),
            ("rounds[1][rounding]", "0.25"),
            ("ties[0]", "criterion-2-1"),
            ("ties[1]", "decision"),
            ("awards[3][name]", "Giải phong cách"),
            ("awards[3][by]", "chosen"),
            ("appeal_hours", "24"),
        ] {
            form.set(name, value)?;
        }
        let (to, page) = form.sent(&hall, &path, "set_rules").await?;
        assert!(to.ends_with("?luu=1"), "{to}");
        let saved = Form::of(&page, "set_rules")?;
        for (name, value) in [
            ("rounds[1][rubric][0][name]", "Tác phong"),
            ("rounds[1][rubric][1][name]", "Nội dung sát thực tiễn"),
            ("rounds[1][rubric][4][name]", "Trả lời câu hỏi"),
            ("rounds[1][rubric][5][name]", ""),
            ("rounds[1][stage][limit]", "7:30"),
            ("rounds[1][stage][judges]", "trimmed"),
            ("ties[0]", "criterion-2-1"),
            ("awards[3][name]", "Giải phong cách"),
            ("appeal_hours", "24"),
        ] {
            assert_eq!(saved.get(name), Some(value), "{name}");
        }

        // What cannot stand is told beside its field, and nothing that was typed is lost.
        let mut wrong = saved;
        wrong.set("rounds[1][rubric][0][step]", "11")?;
        wrong.set("rounds[0][name]", "Tình huống bốc thăm")?;
        let (_, page) = wrong.sent(&hall, &path, "set_rules").await?;
        assert!(page.contains("Bước điểm, dòng 1 nằm ngoài giới hạn cho phép."), "{page}");
        let shown = Form::of(&page, "set_rules")?;
        assert_eq!(shown.get("rounds[0][name]"), Some("Tình huống bốc thăm"));
        assert_eq!(shown.get("rounds[1][rubric][0][step]"), Some("11"));
        assert!(page.contains("Đang lưu: Xử lý tình huống"), "what is saved stands beside what was typed");

        // Two organizers: the later one is told, and sees both.
        let first = Form::of(&hall.organizer.page(&path).await?, "set_rules")?;
        let mut second = Form(first.0.clone());
        let mut first = first;
        first.set("rounds[1][name]", "Hùng biện")?;
        let (to, _) = first.sent(&hall, &path, "set_rules").await?;
        assert!(to.ends_with("?luu=1"), "{to}");
        second.set("rounds[0][maximum]", "60")?;
        let (to, page) = second.sent(&hall, &path, "set_rules").await?;
        assert!(!to.ends_with("?luu=1"), "{to}");
        assert!(page.contains("Đang lưu: Hùng biện") && page.contains("Đang lưu: 40"), "{page}");
        // Asked again, he decides.
        let mut again = Form::of(&page, "set_rules")?;
        again.set("rounds[1][name]", "Hùng biện")?;
        let (to, page) = again.sent(&hall, &path, "set_rules").await?;
        assert!(to.ends_with("?luu=1"), "{to}");
        let saved = Form::of(&page, "set_rules")?;
        assert_eq!(saved.get("rounds[0][maximum]"), Some("60"));
        assert_eq!(saved.get("rounds[1][name]"), Some("Hùng biện"));
        Ok(())
    }

    async fn once_the_contest_is_open_a_change_needs_its_reason(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let path = format!("/hoi-thi/{}/the-le", hall.contest);
        let mut form = Form::of(&hall.organizer.page(&path).await?, "set_rules")?;
        form.set("rounds[1][stage][usual]", "skit")?;
        form.set("rounds[1][maximum]", "100")?;
        let (_, page) = form.sent(&hall, &path, "set_rules").await?;
        assert!(page.contains("Lý do không được bỏ trống."), "{page}");
        let mut form = Form::of(&page, "set_rules")?;
        form.set("reason", "Ban tổ chức thống nhất thang 100")?;
        let (to, page) = form.sent(&hall, &path, "set_rules").await?;
        assert!(to.ends_with("?luu=1"), "{to}");
        let saved = Form::of(&page, "set_rules")?;
        assert_eq!(saved.get("rounds[1][rubric][0][maximum]"), Some("30"));
        Ok(())
    }
}

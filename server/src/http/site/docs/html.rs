//! HTML that is written piece by piece; text is always escaped, and only what this module's callers write themselves is not.

use std::fmt::Write as _;

/// A piece of HTML.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Tags of our own.
    pub(super) fn raw(&mut self, tags: &'static str) -> &mut Self {
        self.0.push_str(tags);
        self
    }

    pub(super) fn escaped(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter => self.0.push(letter),
            }
        }
        self
    }

    pub(super) fn piece(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// An element around a text. Without a class it has none.
    pub(super) fn element(&mut self, name: &'static str, class: &'static str, text: &str) -> &mut Self {
        match class {
            "" => write!(self.0, "<{name}>").ok(),
            class => write!(self.0, "<{name} class=\"{class}\">").ok(),
        };
        self.escaped(text);
        write!(self.0, "</{name}>").ok();
        self
    }

    pub(super) fn link(&mut self, target: &str, text: &str) -> &mut Self {
        self.raw("<a href=\"")
            .escaped(target)
            .raw("\">")
            .escaped(text)
            .raw("</a>")
    }

    /// A sentence in which backticks mark code.
    pub(super) fn sentence(&mut self, text: &str) -> &mut Self {
        for (number, part) in text.split('`').enumerate() {
            match number % 2 {
                1 => self.element("code", "", part),
                _ => self.escaped(part),
            };
        }
        self
    }

    /// JSON or a command, as it is.
    pub(super) fn block(&mut self, text: &str) -> &mut Self {
        // Reachable by keyboard: it may be wider than the page.
        self.raw("<pre tabindex=\"0\"><code>")
            .escaped(text)
            .raw("</code></pre>")
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_is_never_markup() {
        let mut html = Html::default();
        html.element("p", "", "<b>&\"'")
            .link("\"><script>", "x")
            .sentence("a `<i>` b")
            .block("</code>");
        assert_eq!(
            html.text(),
            "<p>&lt;b&gt;&amp;&quot;&#39;</p><a href=\"&quot;&gt;&lt;script&gt;\">x</a>a <code>&lt;i&gt;</code> b\
             <pre tabindex=\"0\"><code>&lt;/code&gt;</code></pre>"
        );
    }
}

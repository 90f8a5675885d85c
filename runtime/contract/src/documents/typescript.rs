//! Fields as TypeScript.

use crate::shape::{Field, Presence, Shape};

/// Widest line of a comment.
const WIDTH: usize = 120;

/// A member of an interface with its comment, each line indented.
pub(super) fn member(field: &Field, indent: &str, readonly: &str) -> String {
    let mark = if field.presence == Presence::Always { "" } else { "?" };
    let shape = of_shape(field.shape);
    format!(
        "{}{indent}{readonly}{}{mark}: {shape};\n",
        comment(field.about, indent),
        field.name
    )
}

/// The type of a value.
fn of_shape(shape: Shape) -> String {
    match shape {
        Shape::User => "User".to_owned(),
        Shape::NewUser => "NewUser".to_owned(),
        Shape::UserPatch => "UserPatch".to_owned(),
        Shape::Session => "SessionRef".to_owned(),
        Shape::Factor => "{ id: string; type: \"totp\" }".to_owned(),
        Shape::Password => "PasswordHandle".to_owned(),
        Shape::Client => "Client".to_owned(),
        Shape::Object => "JsonObject".to_owned(),
        Shape::Text(_) => "string".to_owned(),
        Shape::Count => "number".to_owned(),
        Shape::OneOf(words) => format!("\"{}\"", words.join("\" | \"")),
    }
}

/// A comment over a declaration or a member, broken where it is too wide.
pub(super) fn comment(text: &str, indent: &str) -> String {
    let one = format!("{indent}/** {text} */\n");
    if one.len() <= WIDTH {
        return one;
    }
    let mut lines = vec![format!("{indent} *")];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent} * {word}")),
        }
    }
    format!("{indent}/**\n{}\n{indent} */\n", lines.join("\n"))
}

//! Lays the sources of settings over each other and remembers where each value came from. Knows keys and kinds (from
//! the defaults file), not meanings.

use std::{collections::BTreeMap, ops::RangeInclusive, path::PathBuf};

use aerocall_contract::names::nearest;
use toml::{Table, Value};

use super::{ConfigError, Switch, service_link};

const DEFAULTS: &str = include_str!("../../../config.default.toml");
const DEFAULT_ORIGIN: &str = "config.default.toml";
const PREFIX: &str = "AEROCALL_";

/// Where settings come from, weakest first.
#[derive(Clone, Debug, Default)]
pub struct ConfigSources {
    /// A file with the keys of `config.default.toml`.
    pub file: Option<PathBuf>,
    /// The environment; only names that start with `AEROCALL_` are looked at.
    pub env: Vec<(String, String)>,
    /// `AEROCALL_*` names that belong to somebody else, e.g. to the command line.
    pub foreign_env: Vec<String>,
    /// Flags.
    pub flags: Overrides,
}

/// Settings given as flags. `None` leaves the setting alone.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--listen`
    pub listen: Option<String>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--database-url`
    pub database_url: Option<String>,
}

/// Every key with its winning value, and the variables that are none of ours.
pub(super) struct Layers(BTreeMap<String, Setting>, Vec<String>);

struct Setting {
    value: Value,
    origin: String,
}

impl Layers {
    pub(super) fn read(sources: &ConfigSources) -> Result<Self, ConfigError> {
        let mut layers = Self::defaults();
        if let Some(path) = &sources.file {
            layers.lay_file(path)?;
        }
        for (name, text) in &sources.env {
            if name.starts_with(PREFIX) && !sources.foreign_env.contains(name) {
                layers.lay_env(name, text)?;
            }
        }
        layers.lay_flags(&sources.flags);
        Ok(layers)
    }

    fn defaults() -> Self {
        let table: Table = DEFAULTS
            .parse()
            .expect("the compiled-in defaults are valid TOML; a test reads them");
        let origin = DEFAULT_ORIGIN.to_owned();
        Self(
            flatten(table)
                .map(|(key, value)| {
                    (
                        key,
                        Setting {
                            value,
                            origin: origin.clone(),
                        },
                    )
                })
                .collect(),
            Vec::new(),
        )
    }

    fn lay_file(&mut self, path: &std::path::Path) -> Result<(), ConfigError> {
        let origin = path.display().to_string();
        let refuse = |problem: String, fix: &str| ConfigError {
            key: "(file)".to_owned(),
            origin: origin.clone(),
            problem,
            fix: fix.to_owned(),
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| refuse(format!("cannot be read: {error}"), "Check the path and the permissions"))?;
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| refuse(error.to_string(), "See config.default.toml for the format"))?;
        for (key, value) in flatten(table) {
            match value {
                // A section without keys sets nothing; its name must exist all the same.
                Value::Table(_) if self.0.keys().any(|known| is_in(known, &key)) => {}
                value => self.lay(&key, value, &origin)?,
            }
        }
        Ok(())
    }

    fn lay_env(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let origin = format!("environment variable {name}");
        let Some(key) = self.0.keys().find(|key| env_name(key) == name).cloned() else {
            if service_link::is_one(name, text) {
                self.1.push(name.to_owned());
                return Ok(());
            }
            return Err(ConfigError {
                key: name.to_owned(),
                origin,
                problem: "this setting does not exist in this version".to_owned(),
                fix: match nearest(name, self.env_names().split(", "), reach) {
                    Some(near) => format!("Did you mean {near}? Otherwise unset it"),
                    None => format!("Unset it, or use one of {}", self.env_names()),
                },
            });
        };
        let value = match &self.0[&key].value {
            Value::Integer(_) => text.trim().parse().map(Value::Integer).map_err(|_| ConfigError {
                key: key.clone(),
                origin: origin.clone(),
                problem: format!("`{text}` is not an integer"),
                fix: "Give digits only".to_owned(),
            })?,
            Value::Boolean(_) => text.trim().parse().map(Value::Boolean).map_err(|_| ConfigError {
                key: key.clone(),
                origin: origin.clone(),
                problem: format!("`{text}` is neither true nor false"),
                fix: "Write true or false".to_owned(),
            })?,
            Value::Array(_) => text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect::<Vec<_>>()
                .into(),
            _ => Value::String(text.to_owned()),
        };
        self.lay(&key, value, &origin)
    }

    fn lay_flags(&mut self, flags: &Overrides) {
        let data_dir = flags.data_dir.as_ref().map(|path| path.display().to_string());
        let given = [
            ("listen", "--listen", flags.listen.clone()),
            ("data_dir", "--data-dir", data_dir),
            ("database_url", "--database-url", flags.database_url.clone()),
        ];
        for (key, flag, value) in given {
            if let Some(value) = value {
                let setting = Setting {
                    value: Value::String(value),
                    origin: format!("flag {flag}"),
                };
                self.0.insert(key.to_owned(), setting);
            }
        }
    }

    fn lay(&mut self, key: &str, value: Value, origin: &str) -> Result<(), ConfigError> {
        let refuse = |problem: String, fix: String| {
            Err(ConfigError {
                key: key.to_owned(),
                origin: origin.to_owned(),
                problem,
                fix,
            })
        };
        let Some(setting) = self.0.get_mut(key) else {
            let near = nearest(key, self.0.keys().map(String::as_str), reach);
            let near = near.map(|near| format!("Did you mean {near}? "));
            return refuse(
                "this setting does not exist".to_owned(),
                near.unwrap_or_default() + "config.default.toml lists every key",
            );
        };
        if !setting.value.same_type(&value) {
            let (want, got) = (setting.value.type_str(), value.type_str());
            return refuse(
                format!("must be of type {want}, is {got}"),
                format!("The default is {}", setting.value),
            );
        }
        *setting = Setting {
            value,
            origin: origin.to_owned(),
        };
        Ok(())
    }

    fn env_names(&self) -> String {
        self.0.keys().map(|key| env_name(key)).collect::<Vec<_>>().join(", ")
    }

    /// Variables that a cluster sets for its services, in the order of the environment.
    pub(super) fn ignored(&self) -> Vec<String> {
        self.1.clone()
    }

    /// Whether nobody has chosen a value.
    pub(super) fn is_default(&self, key: &str) -> bool {
        self.0[key].origin == DEFAULT_ORIGIN
    }

    /// A setting as text, parsed by `parse`, which answers what is wrong and how to put it right.
    pub(super) fn text<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, (String, String)>,
    ) -> Result<T, ConfigError> {
        let setting = &self.0[key];
        parse(setting.value.as_str().unwrap_or_default()).map_err(|(problem, fix)| setting.refused(key, problem, fix))
    }

    /// A setting as a list of texts.
    pub(super) fn list<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, (String, String)>,
    ) -> Result<Vec<T>, ConfigError> {
        let setting = &self.0[key];
        let items = setting.value.as_array().map(Vec::as_slice).unwrap_or_default();
        let parse_item = |item: &Value| match item.as_str() {
            Some(text) => parse(text),
            None => Err((format!("`{item}` is not a string"), "Put it in quotes".to_owned())),
        };
        let parsed: Result<Vec<T>, _> = items.iter().map(parse_item).collect();
        parsed.map_err(|(problem, fix)| setting.refused(key, problem, fix))
    }

    /// A setting that is true or false; no other kind of value is laid over it.
    pub(super) fn switch(&self, key: &str) -> Switch {
        match self.0[key].value.as_bool() {
            Some(false) => Switch::Off,
            _ => Switch::On,
        }
    }

    /// A setting as a whole number in a range.
    pub(super) fn number<T: TryFrom<i64>>(&self, key: &str, range: RangeInclusive<i64>) -> Result<T, ConfigError> {
        let setting = &self.0[key];
        let number = setting.value.as_integer().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            let problem = format!("{} is out of range", setting.value);
            setting.refused(
                key,
                problem,
                format!("Give a number from {} to {}", range.start(), range.end()),
            )
        })
    }
}

impl Setting {
    fn refused(&self, key: &str, problem: String, fix: String) -> ConfigError {
        ConfigError {
            key: key.to_owned(),
            origin: self.origin.clone(),
            problem,
            fix,
        }
    }
}

/// `password.queue` → `AEROCALL_PASSWORD_QUEUE`
fn env_name(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// Whether a key is one of the section.
fn is_in(key: &str, section: &str) -> bool {
    key.split_once('.').is_some_and(|(name, _)| name == section)
}

/// How many letters a name may be away from the one that was meant.
fn reach(name: &str) -> usize {
    (name.len() / 4).clamp(1, 3)
}

/// One level of sections is all there is.
fn flatten(table: Table) -> impl Iterator<Item = (String, Value)> {
    table.into_iter().flat_map(|(name, value)| match value {
        Value::Table(section) if section.is_empty() => vec![(name, Value::Table(section))],
        Value::Table(section) => section
            .into_iter()
            .map(|(key, value)| (format!("{name}.{key}"), value))
            .collect::<Vec<_>>(),
        value => vec![(name, value)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_names_its_environment_variable() {
        for key in Layers::defaults().0.keys() {
            assert!(
                DEFAULTS.contains(&format!("# {}", env_name(key))),
                "{key} lacks its variable in the comment"
            );
        }
    }
}

//! Lays the sources of settings over each other and remembers where each value came from. Knows keys and kinds (from
//! the defaults file), not meanings.

use std::{collections::BTreeMap, ops::RangeInclusive, path::PathBuf};

use toml::{Table, Value};

use super::{ConfigError, Switch};

const DEFAULTS: &str = include_str!("../../../config.default.toml");
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

/// Every key with its winning value.
pub(super) struct Layers(BTreeMap<String, Setting>);

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
        let origin = "config.default.toml".to_owned();
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
            self.lay(&key, value, &origin)?;
        }
        Ok(())
    }

    fn lay_env(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let origin = format!("environment variable {name}");
        let Some(key) = self.0.keys().find(|key| env_name(key) == name).cloned() else {
            return Err(ConfigError {
                key: name.to_owned(),
                origin,
                problem: "this setting does not exist in this version".to_owned(),
                fix: format!("Unset it, or use one of {}", self.env_names()),
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
            return refuse(
                "this setting does not exist".to_owned(),
                "config.default.toml lists every key".to_owned(),
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

/// One level of sections is all there is.
fn flatten(table: Table) -> impl Iterator<Item = (String, Value)> {
    table.into_iter().flat_map(|(name, value)| match value {
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

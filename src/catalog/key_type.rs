//! The types of condition keys.

/// The type of a condition key's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// Text for some providers, an ARN for others.
    StringOrArn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A date.
    Date,
    /// A date, which may be written as a number of seconds.
    DateOrNumeric,
    /// An address or prefix.
    IpAddress,
    /// Base64.
    Binary,
}

/// By the number that stands in the blob.
const NAMES: [(KeyType, &str); 9] = [
    (KeyType::String, "String"),
    (KeyType::Arn, "ARN"),
    (KeyType::StringOrArn, "StringOrARN"),
    (KeyType::Bool, "Bool"),
    (KeyType::Numeric, "Numeric"),
    (KeyType::Date, "Date"),
    (KeyType::DateOrNumeric, "DateOrNumeric"),
    (KeyType::IpAddress, "IPAddress"),
    (KeyType::Binary, "Binary"),
];

impl KeyType {
    /// AWS's word for it; of the two mixed types, which have none, ours.
    pub fn name(self) -> &'static str {
        NAMES[self.number()].1
    }

    /// The type of that name, in whatever case.
    pub fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(key_type, _)| *key_type)
    }

    pub(super) fn number(self) -> usize {
        self as usize
    }

    /// A number that the format does not know is text, the type that promises least.
    pub(super) fn from_number(number: usize) -> Self {
        NAMES.get(number).map_or(Self::String, |(key_type, _)| *key_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for (number, (key_type, name)) in NAMES.into_iter().enumerate() {
            assert_eq!(key_type.number(), number);
            assert_eq!(KeyType::from_number(number), key_type);
            assert_eq!(KeyType::parse(&name.to_lowercase()), Some(key_type));
        }
    }
}

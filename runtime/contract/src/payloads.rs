//! What a hook gets at a hook point: the payload types, field by field. One type may serve several hook points.

use serde_json::Value;

use crate::shape::{self, Field, Shape, always, sometimes};

/// The type of a payload: its name in TypeScript and what is in it.
#[derive(Debug)]
pub struct Payload {
    /// In TypeScript and in the JSON Schema.
    pub name: &'static str,
    /// One sentence about it.
    pub about: &'static str,
    /// Its fields, without those of every payload ([`COMMON`]).
    pub own: &'static [Field],
}

impl Payload {
    /// Every field.
    pub fn fields(&self) -> Vec<Field> {
        self.own.iter().chain(COMMON).copied().collect()
    }

    /// A sample document with every field.
    #[must_use]
    pub fn sample(&self) -> Value {
        shape::sample(&self.fields())
    }

    /// What in a document is not as it is described, if anything.
    #[must_use]
    pub fn fault(&self, document: &Value) -> Option<String> {
        shape::fault(&self.fields(), document)
    }

    /// JSON Schema of the document.
    pub(crate) fn schema(&self) -> Value {
        let mut schema = shape::schema(&self.fields());
        schema["description"] = self.about.into();
        schema
    }
}

/// What every payload has.
pub const COMMON: &[Field] = &[always(
    "client",
    Shape::Client,
    "What the client says about itself; an empty object if nothing.",
)];

const USER: Field = always("user", Shape::User, "The user.");
const SOME_USER: Field = sometimes("user", Shape::User, "Absent when nobody has that address or number.");
const PROVIDER: Field = always(
    "provider",
    Shape::Text("password"),
    "`password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.",
);
const CHANNEL: Field = always("channel", Shape::OneOf(&["email", "sms"]), "Which way the code goes.");
const TO: Field = always(
    "to",
    Shape::Text("ada@example.com"),
    "The address or number that the code goes to.",
);
const EMAIL: Field = always("email", Shape::Text("ada@example.com"), "The address.");

pub(crate) const SIGNUP: &Payload = &Payload {
    name: "SignupPayload",
    about: "Signing up, before the user is kept.",
    own: &[
        always("user", Shape::NewUser, "The user as they will be kept."),
        sometimes(
            "password",
            Shape::Password,
            "Absent when the user signs up without one.",
        ),
        PROVIDER,
    ],
};
pub(crate) const SIGNED_UP: &Payload = &Payload {
    name: "SignedUpPayload",
    about: "The user exists; the password is gone.",
    own: &[USER, PROVIDER],
};
pub(crate) const LOGIN: &Payload = &Payload {
    name: "LoginPayload",
    about: "Logging in: the credentials were right, the session does not exist yet.",
    own: &[
        USER,
        sometimes("password", Shape::Password, "Absent when the user logs in without one."),
        PROVIDER,
    ],
};
pub(crate) const LOGGED_IN: &Payload = &Payload {
    name: "LoggedInPayload",
    about: "The session exists.",
    own: &[USER, PROVIDER],
};
pub(crate) const TOKEN_ISSUE: &Payload = &Payload {
    name: "TokenIssuePayload",
    about: "An access token is about to be signed, or was.",
    own: &[
        USER,
        PROVIDER,
        sometimes(
            "session",
            Shape::Session,
            "The session, when it exists already: on a refresh.",
        ),
        always(
            "claims",
            Shape::Object,
            "The project's own claims, beside those of the server (`sub`, `exp`, …).",
        ),
    ],
};
pub(crate) const SESSION: &Payload = &Payload {
    name: "SessionPayload",
    about: "A session and its user.",
    own: &[USER, PROVIDER, always("session", Shape::Session, "The session.")],
};
pub(crate) const PASSWORD_RESET_REQUEST: &Payload = &Payload {
    name: "PasswordResetRequestPayload",
    about: "Somebody asks for a link that resets a password. Answered the same whether or not there is such a user.",
    own: &[
        EMAIL,
        sometimes("user", Shape::User, "Absent when nobody has that address."),
    ],
};
pub(crate) const PASSWORD: &Payload = &Payload {
    name: "PasswordPayload",
    about: "A password is about to be replaced.",
    own: &[
        USER,
        always("password", Shape::Password, "The new one; gone once it is kept."),
    ],
};
pub(crate) const USER_ALONE: &Payload = &Payload {
    name: "UserPayload",
    about: "A user and nothing else.",
    own: &[USER],
};
pub(crate) const OTP: &Payload = &Payload {
    name: "OtpPayload",
    about: "A one-time code was right.",
    own: &[SOME_USER, CHANNEL, TO],
};
pub(crate) const OTP_SEND: &Payload = &Payload {
    name: "OtpSendPayload",
    about: "A code is about to be sent. Whoever asks is answered the same whether or not there is somebody to send it to.",
    own: &[
        SOME_USER,
        CHANNEL,
        TO,
        sometimes(
            "code",
            Shape::Text("123456"),
            "For a hook that delivers it; absent when it goes to nobody. It is kept nowhere, not in records of calls either.",
        ),
        always(
            "delivery",
            Shape::OneOf(&["server", "hook", "none"]),
            "Who delivers: `server` (by mail, or through the first script hook on `auth.otp.send`), `hook` (one before this \
             has), `none` (there is no such account: nothing may be sent).",
        ),
    ],
};
pub(crate) const OTP_SENT: &Payload = &Payload {
    name: "OtpSentPayload",
    about: "A code was sent, or would have been.",
    own: &[
        SOME_USER,
        CHANNEL,
        TO,
        always("delivery", Shape::OneOf(&["server", "hook", "none"]), "Who delivers."),
    ],
};
pub(crate) const EMAIL_VERIFY: &Payload = &Payload {
    name: "EmailVerifyPayload",
    about: "An address is confirmed.",
    own: &[USER, EMAIL],
};
pub(crate) const USER_UPDATE: &Payload = &Payload {
    name: "UserUpdatePayload",
    about: "A user changes.",
    own: &[
        always("user", Shape::User, "As the user will be."),
        always("changes", Shape::UserPatch, "What was asked for."),
    ],
};
pub(crate) const MFA_VERIFY: &Payload = &Payload {
    name: "MfaVerifyPayload",
    about: "A second factor is checked.",
    own: &[
        USER,
        always("method", Shape::OneOf(&["totp", "recovery_code"]), "Which kind."),
    ],
};

/// Every payload type, in the order of the documentation.
pub const ALL: &[&Payload] = &[
    SIGNUP,
    SIGNED_UP,
    LOGIN,
    LOGGED_IN,
    TOKEN_ISSUE,
    SESSION,
    PASSWORD_RESET_REQUEST,
    PASSWORD,
    USER_ALONE,
    OTP_SEND,
    OTP_SENT,
    OTP,
    EMAIL_VERIFY,
    USER_UPDATE,
    MFA_VERIFY,
];

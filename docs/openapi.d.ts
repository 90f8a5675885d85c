// Requests and answers of the server, generated from openapi.json by `tests/web/openapi.mjs --write`.
// Every named schema is a type of its name (`User`, `SignIn`, …); `paths` and `operations` have the rest.

export interface paths {
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up with a password
         * @description Creates an account and a session. If the project requires verified email addresses (`confirmEmail`), the response is 202 with `{"status":"confirmation_required"}` and a verification mail is sent; the response is the same for an address that already has an account, whose owner gets a mail about it instead.
         */
        post: operations["postAuthRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a password
         * @description Hooks run only after the password was verified, so they do not reveal whether a password is correct.
         */
        post: operations["postAuthLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh a session
         * @description Exchanges a refresh token for a new refresh token and a new access token. A client that lost the response sends the same refresh token again: for a few seconds (`refreshGraceSeconds`) it gets the same new refresh token, later another one that replaces it. Once the new refresh token was used, or if the replaced one is used, the session is revoked.
         */
        post: operations["postAuthRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Revokes this session, all other sessions, or all sessions of the user. Their tokens are refused from then on; a service that checks access tokens only by signature accepts them until they expire.
         */
        post: operations["postAuthLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the current user
         * @description Returns the user that the access token belongs to, as long as its session is active.
         */
        get: operations["getAuthMe"];
        put?: never;
        post?: never;
        /**
         * Delete the account
         * @description Deletes the current user's account and everything that belongs to it. An account with a password must send it; an account without one needs a recent login.
         */
        delete: operations["deleteAuthMe"];
        options?: never;
        head?: never;
        /**
         * Update the current user
         * @description Omitted fields stay unchanged; `null` removes `name` or `phone`. `metadata` is merged (JSON Merge Patch, RFC 7396). Use `POST /auth/email/change` for the email address. Roles, verified flags and public metadata can only be changed by the project's servers and hooks.
         */
        patch: operations["patchAuthMe"];
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description The active sessions of the current user, newest first, at most 100.
         */
        get: operations["getAuthSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a session
         * @description Revokes one session of the current user. Its tokens are refused from then on.
         */
        delete: operations["deleteAuthSessionsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/verify/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a verification mail
         * @description Sends a mail with a verification link to `email`, or to the address of the signed-in user. The link works once, for 24 hours. The response and the time it takes are the same whether or not the account exists and whether or not its address is already verified.
         */
        post: operations["postAuthEmailVerifySend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify an email address
         * @description Verifies the address with the token from the verification mail. Returns no session: the user logs in afterwards. Send the access token of the user who is signed in, if there is one: without it, second factors, a verified phone number, identities linked after the sign-up and a requested change of the address are removed from an account whose address was not verified before, because somebody else may have set them up. The password stays; if the mail was sent because of a later sign-up with the same address, the password of that sign-up replaces it and sessions are revoked.
         */
        post: operations["postAuthEmailVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request an email address change
         * @description Sends a mail with a confirmation link to the new address and a mail about the request to the current one. The address changes when the link is confirmed, within 24 hours. Needs a recent login or the password. If the new address already has an account, the response is the same and that account's owner gets a mail about it.
         */
        post: operations["postAuthEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/change/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an email address change
         * @description Changes the address with the token from the mail to the new address, and marks it as verified. Links and codes sent to the previous address stop working. Send the access token of the user who is signed in, if there is one: without it, second factors, a verified phone number and identities linked after the sign-up are removed from an account that never had a verified address, because somebody else may have set them up.
         */
        post: operations["postAuthEmailChangeConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a password reset
         * @description Sends a mail with a reset link that works once, for one hour. The response and the time it takes are the same whether or not the account exists. Hooks run in both cases; without an account their payload has no `user`. The event is emitted only for existing accounts.
         */
        post: operations["postAuthPasswordForgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset the password
         * @description Sets a new password with the token from the mail, revokes all sessions of the account and verifies its email address; if it was not verified before, everything that somebody else may have set up to log in with (second factors, phone number, identity providers) is removed. Returns no session: the user logs in with the new password, and with the second factor if the account has one.
         */
        post: operations["postAuthPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password
         * @description An account with a password must send the current one; an account without one needs a recent login. Revokes the other sessions of the account and notifies its owner by mail.
         */
        post: operations["postAuthPasswordChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/otp/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a one-time code
         * @description Sends a six-digit login code by mail or text message. The code works once, for ten minutes and five attempts; a newer code replaces it. Text messages are sent only to verified numbers. The response and the time it takes are the same whether or not the account exists. Hooks run in both cases; if there is nobody to send a code to, their payload has `delivery: "none"` and no `code`.
         */
        post: operations["postAuthOtpSend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/otp/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a one-time code
         * @description Logs in with the code. Creates the account if there is none and the code was requested with `create_user`. A code sent by mail also verifies the email address; if it was not verified before, everything that somebody else may have set up to log in with (password, sessions, second factors, phone number, identity providers) is removed. The code is used up by five wrong attempts.
         */
        post: operations["postAuthOtpVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/phone/verify/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a phone verification code
         * @description Sends a code by text message to `phone`, or to the account's own number. The number is stored on the account when the code is verified. Needs a recent login, because a verified number can be used to log in. The code works once, for ten minutes and five attempts.
         */
        post: operations["postAuthPhoneVerifySend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/phone/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a phone number
         * @description Verifies the number with the code from the text message and stores it on the account. The code is used up by five wrong attempts.
         */
        post: operations["postAuthPhoneVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/magic-link/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a magic link
         * @description Sends a mail with a login link that works once, for 15 minutes; a newer link replaces it. The response and the time it takes are the same whether or not the account exists.
         */
        post: operations["postAuthMagicLinkSend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/magic-link/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a magic link
         * @description Logs in with the token from the mail. Creates the account if there is none and the link was requested with `create_user`. Verifies the email address; if it was not verified before, everything that somebody else may have set up to log in with (password, sessions, second factors, phone number, identity providers) is removed.
         */
        post: operations["postAuthMagicLinkVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/enroll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enroll an authenticator app
         * @description Creates a TOTP factor (RFC 6238). Needs a recent login, or the token from `mfa_enrollment` if the project requires a second factor. The factor is active once it is confirmed with a code; an earlier unconfirmed enrollment is discarded. An account has at most five factors.
         */
        post: operations["postAuthMfaEnroll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/enroll/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an authenticator app
         * @description Activates the factor: from now on every login of the account asks for a second factor, and all other sessions of the account end, because none of them has shown it. The recovery codes are returned only here, and earlier ones stop working. With the `token` of an enrollment this completes the login: the login hooks run, and the response contains the session.
         */
        post: operations["postAuthMfaEnrollConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List MFA factors
         * @description The second factors of the current user, without their secrets. A factor with status `pending` is not confirmed and not yet used.
         */
        get: operations["getAuthMfaFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/factors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an MFA factor
         * @description Needs a recent login and one of the fields. All other sessions of the account end. Removing the last factor also deletes the recovery codes. If the project requires a second factor, the last one cannot be removed (`mfa_required`).
         */
        delete: operations["deleteAuthMfaFactorsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate recovery codes
         * @description Needs a recent login and one of the fields. The previous recovery codes stop working.
         */
        post: operations["postAuthMfaRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify an MFA challenge
         * @description Completes the login of an account that has a second factor. The login hooks run here, once. A challenge ends after five minutes or five attempts; an account has `failuresPerAccount` attempts within 15 minutes, and as many of its own from an IP address that it has had a session from.
         */
        post: operations["postAuthMfaVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List linked identities
         * @description The accounts at identity providers that the current user can log in with.
         */
        get: operations["getAuthIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/identities/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink an identity provider
         * @description The account at the provider can no longer be used to log in. Needs a recent login and another login method: a password or another identity (`last_way_in`).
         */
        delete: operations["deleteAuthIdentitiesProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/{provider}/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Start a login with an identity provider
         * @description Open this URL in the browser. It redirects to the provider; afterwards the browser comes back to `redirect_to` with a `code` for `POST /auth/oauth/token`. The publishable key is sent in the query, because a browser cannot send the header.
         */
        get: operations["getAuthOauthProviderAuthorize"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Identity provider callback
         * @description The redirect URL to register with every provider. Verifies the provider's response and redirects the browser to `redirect_to`, with `code` for `POST /auth/oauth/token` or with `error`.
         */
        get: operations["getAuthOauthCallback"];
        put?: never;
        /**
         * Identity provider callback (form post)
         * @description For providers that use `response_mode=form_post`, such as Apple. Redirects the browser to `GET /auth/oauth/callback` with the known form fields in the query; changes nothing by itself.
         */
        post: operations["postAuthOauthCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/{provider}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start linking an identity provider
         * @description Needs a recent login. Open `GET /auth/oauth/{provider}/authorize` in the browser with the token as `link`, then send the code that it comes back with to `POST /auth/oauth/link`.
         */
        post: operations["postAuthOauthProviderLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish linking an identity provider
         * @description Links the account at the provider to the current user, whatever its email address is; from then on it can be used to log in. Must be sent by the user who started linking.
         */
        post: operations["postAuthOauthLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange an OAuth code for a session
         * @description Completes a login with an identity provider. A new user gets an account. An existing account with the same email address is linked only if both the provider and this project have verified the address; otherwise the request fails with `account_exists`.
         */
        post: operations["postAuthOauthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set up the first admin
         * @description A server without an admin prints a set-up link when it starts. The token in it is good for one hour, at every node, and once: for the account of the first administrator, or for the first admin token of the server. Each address can try ten times per minute.
         */
        post: operations["postAdminApiV1Setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List admin tokens
         * @description The tokens that are valid, without the tokens themselves. Requires an admin token of the server.
         */
        get: operations["getAdminApiV1Tokens"];
        put?: never;
        /**
         * Create an admin token
         * @description A token opens the admin API of the whole server. It is returned only here. Requires an admin token of the server.
         */
        post: operations["postAdminApiV1Tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/tokens/{token}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an admin token
         * @description Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server.
         */
        post: operations["postAdminApiV1TokensTokenRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an admin token
         * @description The token, given by its id, stops working at once, on all nodes. The last one cannot be revoked while no account is an administrator: `last_admin_token`. Requires an admin token of the server.
         */
        delete: operations["deleteAdminApiV1TokensToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List admin tokens of a project
         * @description The tokens that are valid, without the tokens themselves. Requires an admin token of the server or of the project.
         */
        get: operations["getAdminApiV1ProjectsProjectTokens"];
        put?: never;
        /**
         * Create an admin token of a project
         * @description A token (`pt_…`) opens the admin API of the project with all its environments, except creating and deleting environments and projects. It is returned only here. Requires an admin token of the server or of the project.
         */
        post: operations["postAdminApiV1ProjectsProjectTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/tokens/{token}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an admin token of a project
         * @description Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server or of the project.
         */
        post: operations["postAdminApiV1ProjectsProjectTokensTokenRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an admin token of a project
         * @description The token, given by its id, stops working at once, on all nodes. Requires an admin token of the server or of the project.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectTokensToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get who sends the request
         * @description Of a session: the account, its roles, and the CSRF token that every request needs that changes something. Of a token or key: what it is and what it is limited to.
         */
        get: operations["getAdminApiV1Session"];
        put?: never;
        /**
         * Sign in
         * @description Begins a session of an account and sets its cookie, `__Host-aerocall_admin` (HttpOnly, Secure, SameSite=Strict); or, if the account has an authenticator app, answers with a ticket for `POST /admin/api/v1/session/totp`. A session ends after 12 hours without use and after seven days. Unknown addresses and wrong passwords have one answer; too many of them lock the account for the addresses it was never used from. Each address can try ten times per minute.
         */
        post: operations["postAdminApiV1Session"];
        /**
         * Sign out
         * @description Ends the session that sends the request, and takes its cookie away; or revokes the personal token that sends it. At once, on all nodes.
         */
        delete: operations["deleteAdminApiV1Session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a second factor
         * @description Begins the session of a sign-in that has answered with a ticket. The ticket is good for five minutes, five attempts, and one session. One of `code` and `recoveryCode` is required. Each address can try ten times per minute.
         */
        post: operations["postAdminApiV1SessionTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/session/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm who uses the session
         * @description For ten minutes the session can do what needs a fresh proof: delete projects and environments, create keys and tokens, change members, accounts, the password and the second factor. One of the fields is required. Wrong ones are counted like those of a sign-in.
         */
        post: operations["postAdminApiV1SessionConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions
         * @description The sessions of your account that have not ended, at most 50.
         */
        get: operations["getAdminApiV1AccountSessions"];
        put?: never;
        post?: never;
        /**
         * End your other sessions
         * @description All sessions of your account but the one that sends the request. At once, on all nodes. Personal tokens stay.
         */
        delete: operations["deleteAdminApiV1AccountSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description At once, on all nodes.
         */
        delete: operations["deleteAdminApiV1AccountSessionsSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description The other sessions of your account end. Personal tokens stay: revoke those that may be in wrong hands. A password has 12 to 1,000 characters and is none of the common ones.
         */
        post: operations["postAdminApiV1AccountPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enroll an authenticator app
         * @description Creates a secret (TOTP, RFC 6238). Nothing changes until it is confirmed with a code; then it takes the place of the app that there was.
         */
        post: operations["postAdminApiV1AccountTotp"];
        /**
         * Remove your authenticator app
         * @description Sign-ins ask for the password alone from now on. The recovery codes are deleted, too.
         */
        delete: operations["deleteAdminApiV1AccountTotp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an authenticator app
         * @description From now on every sign-in asks for a code. The other sessions of your account end, and earlier recovery codes stop working.
         */
        post: operations["postAdminApiV1AccountTotpConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate your recovery codes
         * @description The previous ones stop working. `not_found` if the account has no authenticator app.
         */
        post: operations["postAdminApiV1AccountRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your personal tokens
         * @description The tokens that are valid, without the tokens themselves.
         */
        get: operations["getAdminApiV1AccountTokens"];
        put?: never;
        /**
         * Create a personal token
         * @description A token (`pat_…`) may do what your account may do at the time it is used, and no more than its limits. It is returned only here, and ends with your account. It cannot change the account itself. An account has at most 50.
         */
        post: operations["postAdminApiV1AccountTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/account/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a personal token
         * @description The token, given by its id, stops working at once, on all nodes. A token revokes itself with `DELETE /admin/api/v1/session`.
         */
        delete: operations["deleteAdminApiV1AccountTokensToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts of admins
         * @description All accounts of people who use the admin API: administrators, members of projects, and those without a role. Requires an admin of the server.
         */
        get: operations["getAdminApiV1Accounts"];
        put?: never;
        /**
         * Create an account of an admin
         * @description With a password that you choose, for accounts of programs and first steps. People choose their own with the link of an invitation. Requires an admin of the server.
         */
        post: operations["postAdminApiV1Accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an account of an admin
         * @description Its sessions and personal tokens end at once, on all nodes, and it is no longer a member of any project. Keys and tokens of projects that it created stay. The last administrator and the last owner of a project cannot be deleted. Requires an admin of the server.
         */
        delete: operations["deleteAdminApiV1AccountsAccount"];
        options?: never;
        head?: never;
        /**
         * Change an account of an admin
         * @description Holds from the next request of the account on, on all nodes. The last administrator stays one. Requires an admin of the server.
         */
        patch: operations["patchAdminApiV1AccountsAccount"];
        trace?: never;
    };
    "/admin/api/v1/accounts/{account}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a password reset link for an account
         * @description For somebody who has forgotten their password: hand the link over yourself. It is good for 24 hours and once, and ends an earlier one of the account. Nothing changes until it is used: then the sessions of the account end; its authenticator app and its personal tokens stay. Requires an admin of the server.
         */
        post: operations["postAdminApiV1AccountsAccountPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a password reset for an account of an admin
         * @description Mails a link to the account's address, by the mail server of the installation (`smtp.url`). It is good for an hour and once, and ends an earlier one. The answer is the same for an address without an account. Each address can try ten times per minute; each account gets as many mails per hour as a user of a project.
         */
        post: operations["postAdminApiV1PasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/password-reset/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with a link
         * @description The sessions of the account end. Its authenticator app stays, and so do its personal tokens: revoke those that may be in wrong hands. A password has 12 to 1,000 characters and is none of the common ones. Sign in afterwards. Each address can try ten times per minute.
         */
        post: operations["postAdminApiV1PasswordResetConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description Everybody with a role in the project, at most 200.
         */
        get: operations["getAdminApiV1ProjectsProjectMembers"];
        put?: never;
        /**
         * Add a member
         * @description Gives an account that is there a role in the project, from its next request on. Somebody without an account needs an invitation.
         */
        post: operations["postAdminApiV1ProjectsProjectMembers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/members/{member}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description The project is gone for them from their next request on, on all nodes, also for their personal tokens. Their account stays, and so do keys and tokens of the project that they created: rotate those that they know. The last owner cannot be removed.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectMembersMember"];
        options?: never;
        head?: never;
        /**
         * Change the role of a member
         * @description Holds from the next request of the member on, on all nodes, also for their personal tokens. The last owner stays one.
         */
        patch: operations["patchAdminApiV1ProjectsProjectMembersMember"];
        trace?: never;
    };
    "/admin/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Gives the account of the invitation's address its role. If there is no account, it is created with the password: 12 to 1,000 characters, none of the common ones; otherwise the password must be the one of the account. The token in the link is good for seven days, and once. Sign in afterwards. Each address can try ten times per minute.
         */
        post: operations["postAdminApiV1InvitationsAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations of administrators
         * @description Those that wait to be accepted, without their links. Requires an admin of the server.
         */
        get: operations["getAdminApiV1Invitations"];
        put?: never;
        /**
         * Invite an administrator
         * @description The link makes an administrator of the server, once, within seven days; it is returned only here, so that you send it yourself, or have it mailed with `mail`. A new one for the same address ends the one before. Requires an admin of the server.
         */
        post: operations["postAdminApiV1Invitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation of an administrator
         * @description Its link stops working at once. Requires an admin of the server.
         */
        delete: operations["deleteAdminApiV1InvitationsInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations
         * @description Those that wait to be accepted, without their links.
         */
        get: operations["getAdminApiV1ProjectsProjectInvitations"];
        put?: never;
        /**
         * Invite a member
         * @description The link makes a member of the project, once, within seven days, with a new account if there is none of the address; it is returned only here, so that you send it yourself, or have it mailed with `mail`. A new one for the same address ends the one before.
         */
        post: operations["postAdminApiV1ProjectsProjectInvitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Its link stops working at once.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectInvitationsInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/meta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what the server is and can do */
        get: operations["getAdminApiV1Meta"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects
         * @description An admin token of the server and an administrator see all projects, an account those it has a role in, a secret key only its own.
         */
        get: operations["getAdminApiV1Projects"];
        put?: never;
        /**
         * Create a project
         * @description Creates a project with its first environment and that environment's API keys. The secret key is returned only here. An administrator who creates a project with their account is its first owner. Requires an admin of the server.
         */
        post: operations["postAdminApiV1Projects"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a project */
        get: operations["getAdminApiV1ProjectsProject"];
        put?: never;
        post?: never;
        /**
         * Delete a project
         * @description Deletes the project with all environments, users, hooks, settings, databases and its part of the audit log. Keys and tokens stop working at once, on all nodes; the data is deleted in the background, and the id can be used again when that has ended, after about two minutes. It cannot be undone. Recorded in the server's audit log. Requires an admin token of the server.
         */
        delete: operations["deleteAdminApiV1ProjectsProject"];
        options?: never;
        head?: never;
        /**
         * Rename a project
         * @description Changes the display name. The id never changes: tokens, URLs and logs contain it. Requires an admin token of the server or of the project.
         */
        patch: operations["patchAdminApiV1ProjectsProject"];
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an environment
         * @description Creates an empty environment with its own API keys. The secret key is returned only here. Requires an admin token.
         */
        post: operations["postAdminApiV1ProjectsProjectEnvironments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an environment */
        get: operations["getAdminApiV1ProjectsProjectEnvironmentsEnvironment"];
        put?: never;
        post?: never;
        /**
         * Delete an environment
         * @description Deletes the environment with all users, deployments, settings, its database and its part of the audit log. Its keys stop working at once, on all nodes; the data is deleted in the background, and the name can be used again when that has ended, after about two minutes. It cannot be undone. The last environment cannot be deleted: delete the project. Recorded in the server's audit log. Requires an admin token of the server.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectEnvironmentsEnvironment"];
        options?: never;
        head?: never;
        /**
         * Rename an environment
         * @description Changes the display name. The name never changes: tokens, URLs and logs contain it. Requires an admin token of the server or of the project.
         */
        patch: operations["patchAdminApiV1ProjectsProjectEnvironmentsEnvironment"];
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description The keys that are valid. Secret keys are never returned.
         */
        get: operations["getKeys"];
        put?: never;
        /**
         * Create an API key
         * @description A secret key is returned only here. Requires an admin token of the server or of the project: a secret key cannot create keys.
         */
        post: operations["postKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/keys/{key}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an API key
         * @description Creates a key with the kind, the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server or of the project.
         */
        post: operations["postKeysKeyRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description The key, given by its id, stops working at once, on all nodes. An environment without keys serves no client until one is created. Requires an admin token of the server or of the project.
         */
        delete: operations["deleteKeysKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the hooks of a project
         * @description `summaries` says what the versions that are live and the newest ones do, as far as that is known already.
         */
        get: operations["getAdminApiV1ProjectsProjectHooks"];
        put?: never;
        /**
         * Create a hook
         * @description Creates a draft with the files of a template, `hooks/<name>.ts` first, its settings and its test cases. A project has at most 200 drafts. The hook has no version until one is made of the draft (`POST …/versions`), and is not run until a version of it is deployed.
         */
        post: operations["postAdminApiV1ProjectsProjectHooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the draft of a hook
         * @description The header `ETag` has the revision, which a change of the draft sends back in `If-Match`.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookDraft"];
        /**
         * Replace the draft of a hook
         * @description Replaces files and settings, if the draft still has the revision in `If-Match`. If not, nothing is changed, and `error.conflict` of the answer has both sides: `yours` with the revision that was sent, and `theirs` with the draft as it is, or `null` if it was deleted. What is not live is not run: see `POST …/versions`.
         */
        put: operations["putAdminApiV1ProjectsProjectHooksHookDraft"];
        /**
         * Begin a draft from a version
         * @description The draft has the sources and settings that the version was built from, and the files of its npm packages. A hook has one draft: if there is one, it has to be deleted first. A version that carries no sources, or is not written in JavaScript or TypeScript, cannot be edited.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookDraft"];
        /**
         * Delete the draft of a hook
         * @description Deletes it if it still has the revision in `If-Match`. Versions stay. If the hook has none, it is gone, and its test cases with it.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectHooksHookDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the sources of a hook
         * @description Builds the draft of this revision, or the files that are sent, and changes nothing. The answer has every problem with its place, and the manifest of the bundle if it can be built. The build has 30 seconds and takes turns with other projects. It reads nothing but these files and, if the hook has a draft, the npm packages that the draft has: an import of another package is a problem that says how to add it. If the operator has given the server a TypeScript compiler, it checks the types, too: its problems have codes such as `TS2322`, are warnings, and end where they begin; else `types` says why it does not.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List versions of a hook */
        get: operations["getAdminApiV1ProjectsProjectHooksHookVersions"];
        put?: never;
        /**
         * Make a version of a hook
         * @description Makes a new version of a bundle that is sent (`application/wasm`), or of the hook's draft (`application/json`); it becomes live with a deployment. A bundle is checked and compiled first. A draft is built first, if it still has the revision that is sent; it goes on from the version then. With a bundle, `message` can be sent as a parameter of the query. Versions are immutable and identified by the digest of their bytes: uploading the same bytes again returns the existing version. A project has at most `hooks.versions_per_project` versions (default 200): beyond that, the oldest version is deleted that is in none of the last 10 deployments of an environment.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookVersions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a version of a hook */
        get: operations["getAdminApiV1ProjectsProjectHooksHookVersionsNumber"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the sources of a version
         * @description The sources are those that the bundle carries, as whoever built it put them there.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookVersionsNumberFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Summarise a version of a hook
         * @description One or two sentences and the facts that they are made of, read from the sources without running them; what only a call knows is `null` or `*`. Names of the code stand between backticks. `origin` is `model` if the project has its summaries written by a model and it has written this one; until then the answer is the one from the code.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookVersionsNumberSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/draft/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Summarise the draft of a hook
         * @description One or two sentences and the facts that they are made of, read from the sources without running them; what only a call knows is `null` or `*`. Names of the code stand between backticks. `origin` is `model` if the project has its summaries written by a model and it has written this one; until then the answer is the one from the code.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookDraftSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two versions of a hook
         * @description What `b` has that `a` has not is `added` or `after`. Versions whose bundles carry no sources are compared by their manifests; the draft, which has no manifest before it is built, by its files.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookCompare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deployments */
        get: operations["getDeployments"];
        put?: never;
        /**
         * Deploy versions
         * @description Applies the migrations, then makes this set of versions live all at once in place of the previous deployment: a hook that is not listed is no longer live. A secret that a hook declares and the environment does not have is named in `missingSecrets`; it can be set later. Each hook names its version by either `digest` or `number`. With `keepOthers`, hooks that are not listed stay as they are. A version whose draft had begun before the live version is refused, because it would undo what that one changed: see `POST …/deployments/plan`. `force` deploys it all the same; it needs the permission `project:manage` and, in a session, a fresh proof, and is recorded in the audit log, with the gates that failed. A rollout ends if the deployment makes another version of its hook live, or none. Requests that start after the response use the new deployment; other nodes follow within a second.
         */
        post: operations["postDeployments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/deployments/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan a deployment
         * @description Says what the same `hooks` would change if they were deployed now, and changes nothing. A gate that is `failed` refuses the deployment unless it is forced; one that is a `warning` does not. The gate `backtest` says what came of the newest finished backtest of exactly this version that had no filter; it fails only if the environment demands one (`PUT …/settings/gates`), and the hook has recorded invocations. `expect` is what to send with the deployment, so that it is refused if somebody else deploys in the meantime.
         */
        post: operations["postDeploymentsPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/deployments/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a deployment */
        get: operations["getDeploymentsNumber"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/deployments/{number}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll back to a deployment
         * @description Makes a new deployment that has the hooks of this one: versions, order, failure policies, states and limits. With `hooks`, only these are as they were in it, and the others stay as they are. Migrations and secrets are not rolled back. A rollout ends if another version of its hook becomes live, or none. The last 10 deployments of an environment can always be rolled back to; of older ones versions may have been deleted.
         */
        post: operations["postDeploymentsNumberRollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/migrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List applied migrations */
        get: operations["getMigrations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the live hooks */
        get: operations["getHooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Enable or disable a hook
         * @description Creates a new deployment that differs from the live one only in this hook's state. Changes nothing if the hook has that state already. A rollout of a hook that is disabled ends.
         */
        patch: operations["patchHooksHook"];
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List auth endpoints with their hooks
         * @description Every endpoint of the auth API with its hook points and events, the hooks of this environment that run at each of them, the webhooks that get each event, and what the invocations of the last 24 hours came to: of the newest 50,000 records. `summaries` says what the enabled hooks do, as far as that is known already.
         */
        get: operations["getEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/hook-points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List hook points and events
         * @description Everything that hooks are called for: when, with which payload, what they can change, and samples to run them with (`POST …/hooks/{hook}/run`). Queues and schedules are listed once each, with a name as an example. The same for every project.
         */
        get: operations["getAdminApiV1HookPoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/hook-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List templates of hooks
         * @description What a new hook can begin as (`template` of `POST …/hooks`, which creates the draft with these files and settings, and the test cases). A template with `migrations` needs them in the deployment that makes the hook live. The same for every project.
         */
        get: operations["getAdminApiV1HookTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the types for an editor of hooks
         * @description The declarations of `@aerocall/hooks`, as `aerocall types` writes them, and one file with the names that the project uses: queues that its live hooks handle, and secrets of the environments that the caller may see, if the caller may read the settings.
         */
        get: operations["getAdminApiV1ProjectsProjectTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a hook for a test
         * @description Runs one version of a hook on an input that you choose, as `aerocall run` does, and shows what it decided, logged, asked for and would have changed. Nothing outside changes and nothing is recorded: database, cache, queues, users and mails exist for this run alone. At most 2 runs of a project at the same time and 30 seconds per run; otherwise `busy` or `invalid_input`.
         */
        post: operations["postHooksHookRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a request of the auth API
         * @description Runs a request of the auth API from its first step to its last, with the hooks of the environment, and shows the response, every step and hook in order, and what changed. A `dry-run` really runs, and nothing outside changes: users, sessions, mails, jobs, events and the project's own tables are copies for this request alone; the cache is read and never written; hooks see what they have written themselves; requests of hooks to other hosts get the responses in `http` or are refused. The server itself asks other hosts only for what changes nothing there: documents of identity providers and the list of breached passwords. The tokens of its response work nowhere, and real rate limits and lockouts are neither counted nor changed. What is refused is no error of this request: the refusal is in `response`. It shows data of the environment, so it needs `data:read` as well. `live` needs `data:write` and is listed in the audit log: the request runs in the environment itself and does what it does for everybody. It is for users of tests alone: the user that it makes gets `"aerocallTest": true` in its metadata, and a request about any other user is refused. A project can try 2 requests and hooks at the same time, for at most 30 seconds each; its own tables are copied up to 64 MiB. Otherwise `busy` or `invalid_input`.
         */
        post: operations["postTry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the test cases of a hook */
        get: operations["getAdminApiV1ProjectsProjectHooksHookCases"];
        put?: never;
        /**
         * Create a test case of a hook
         * @description A hook has at most 100 cases.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookCases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/cases/{case}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a test case of a hook */
        get: operations["getAdminApiV1ProjectsProjectHooksHookCasesCase"];
        /**
         * Create or replace a test case of a hook
         * @description A hook has at most 100 cases.
         */
        put: operations["putAdminApiV1ProjectsProjectHooksHookCasesCase"];
        post?: never;
        /** Delete a test case of a hook */
        delete: operations["deleteAdminApiV1ProjectsProjectHooksHookCasesCase"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}/cases/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run the test cases of a hook
         * @description Runs every case that is stored with the hook against one version, without any effect. What is not run within 60 seconds fails.
         */
        post: operations["postHooksHookCasesRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/assistant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the assistant about a hook
         * @description Server-Sent Events, each with JSON in `data`: `started` (what is sent to the model, by part), then for each round `round`, `text` (pieces of the answer) and `verified` (whether the files can be built, and what came of the test cases), then `proposal` if there are files or test cases, and `done` or `failed` as the last one. A round that is not good enough goes back to the model with its problems, up to `limits.rounds` of the settings. Nothing is changed: a proposal becomes part of the draft when a person applies it. Who ends the request ends the work. Each question is in the audit log.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookAssistant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/proposals/{proposal}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a proposal of the assistant
         * @description Kept for a day, and the newest 100 of a project.
         */
        get: operations["getAdminApiV1ProjectsProjectHooksHookProposalsProposal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/hooks/{hook}/proposals/{proposal}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply a proposal of the assistant to the draft
         * @description Writes the files of the proposal to the draft, as a new revision. `If-Match` has the revision that the proposal began from. Nothing goes live: see `POST …/versions`. What was accepted is in the audit log.
         */
        post: operations["postAdminApiV1ProjectsProjectHooksHookProposalsProposalApply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/settings/assistant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the settings of the assistant
         * @description Which model answers, whose settings these are, the limits, and what the project has used today. The key is never answered.
         */
        get: operations["getAdminApiV1ProjectsProjectSettingsAssistant"];
        /**
         * Replace the settings of the assistant
         * @description With `provider` the project has a model of its own. Without it the installation's answers, and the limits here only tighten its own. A `baseUrl` on this machine or in a private network has to be allowed by whoever runs the server (`assistant.allow_private`). The key is sealed and never answered; it goes to the server of `baseUrl` alone.
         */
        put: operations["putAdminApiV1ProjectsProjectSettingsAssistant"];
        post?: never;
        /**
         * Delete the settings of the assistant
         * @description Deletes what the project has set, its key included. Those of the installation apply again.
         */
        delete: operations["deleteAdminApiV1ProjectsProjectSettingsAssistant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/settings/assistant/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test the assistant
         * @description Sends one short request to the model with the stored settings, and says what came of it. Nothing of the project is sent.
         */
        post: operations["postAdminApiV1ProjectsProjectSettingsAssistantTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rollouts
         * @description Those that go on and the last 50 that have ended, of all hooks.
         */
        get: operations["getRollouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}/rollout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the rollout of a hook
         * @description The rollout that goes on, or else the last one. What other nodes have counted in the last half second may be missing.
         */
        get: operations["getHooksHookRollout"];
        /**
         * Start or change a rollout of a hook
         * @description Runs another version of a live hook beside the live one, with the failure policy and the limits that the deployment has for it, at the hook points and for the events that both versions have. Users are assigned to a version by a hash, so that a user gets the same version each time, and keeps it when the share is raised. A call that the version of a canary fails is decided by the live version, so that no client sees the failure. A canary has to pass the gates of a deployment; `force` needs the permission `project:manage` and, in a session, a fresh proof, and is recorded in the audit log with the gates that failed. Migrations are not applied. Of a rollout that goes on, `share`, `until` and `stopIf` can be changed. A hook has one rollout at a time; it ends when a deployment or a rollback makes another version of the hook live.
         */
        put: operations["putHooksHookRollout"];
        post?: never;
        /**
         * Delete the rollout of a hook
         * @description Deletes the newest rollout with its figures; one that goes on ends. Recorded invocations stay.
         */
        delete: operations["deleteHooksHookRollout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}/rollout/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop the rollout of a hook
         * @description Requests that start after the response are decided by the live version alone; other nodes follow within a second. Calls of a shadow that wait are not run any more. A rollout that has ended stays as it is.
         */
        post: operations["postHooksHookRolloutStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/hooks/{hook}/rollout/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote the rollout of a hook
         * @description Makes a new deployment that has the version of the rollout in place of the live one; everything else stays as it is, and the rollout ends. The gates are those of a deployment. Whoever had the version of a canary keeps it.
         */
        post: operations["postHooksHookRolloutPromote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List secrets
         * @description Names and hosts of the secrets, and which live hooks use them. Values are never returned.
         */
        get: operations["getSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Create or replace a secret */
        put: operations["putSecretsName"];
        post?: never;
        /** Delete a secret */
        delete: operations["deleteSecretsName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/database/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tables of the database
         * @description The tables and views that the migrations of the environment made, at most 1,000. Numbers of rows and sizes are estimates.
         */
        get: operations["getDatabaseTables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/database/tables/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a table of the database
         * @description Columns, indexes and foreign keys.
         */
        get: operations["getDatabaseTablesTable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/database/tables/{table}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rows of a table
         * @description In the order of the primary key. A view, or on PostgreSQL a table without a primary key, has no order: its pages are those that the database happens to give, up to 100,000 rows. A page ends early where its rows would have more than 2 MiB. One statement of an admin runs at a time in an environment, for at most 5 seconds.
         */
        get: operations["getDatabaseTablesTableRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/database/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a read-only statement
         * @description One statement on the project's own database, with the rights of a hook and in a transaction that cannot write (`query_refused` otherwise; the message says what the database objects to). It runs for at most 5 seconds, one at a time in an environment; rows beyond `limit`, or beyond 2 MiB, are cut off. The audit log keeps the statement, not its parameters. On PostgreSQL, an answer without rows has no columns.
         */
        post: operations["postDatabaseQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs */
        get: operations["getJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a job */
        get: operations["getJobsJob"];
        put?: never;
        post?: never;
        /**
         * Delete a job
         * @description A job that waits is never run then.
         */
        delete: operations["deleteJobsJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/jobs/{job}/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requeue a dead job */
        post: operations["postJobsJobRequeue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count jobs by queue */
        get: operations["getQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/queues/{queue}/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Requeue the dead jobs of a queue
         * @description The oldest first, up to 1,000 per request. `/` in the name of a queue is written `%2F`.
         */
        post: operations["postQueuesQueueRequeue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List schedules
         * @description The schedules of the live hooks, each with its next three times and its last run.
         */
        get: operations["getSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/schedules/{hook}/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Adds a job as if the schedule were due now. Its other times stay.
         */
        post: operations["postSchedulesHookNameRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/background-failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List failures of background work
         * @description The queues that have dead jobs, and the webhook endpoints whose last deliveries failed or that the server has disabled: what waits for an admin. Nothing that the caller may not read: queues need `data:read`, webhook endpoints `settings:read`.
         */
        get: operations["getBackgroundFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invocations
         * @description Records are kept for the time and the number that the server's settings say (`records`).
         */
        get: operations["getInvocations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream invocations
         * @description Server-Sent Events as invocations are recorded, with `id`, `event` (`invocation`) and `data` (the invocation as in the list). Of more than 200 at once, the newest are sent. A stream ends after 15 minutes; a client that reconnects with `Last-Event-ID` continues where it stopped, and may get an invocation twice. A project has at most 20 streams at a time per server process, those of events included.
         */
        get: operations["getInvocationsStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count invocations over time
         * @description The invocations that `GET …/invocations` lists with the same parameters, by outcome and time: at most 31 days and 500 steps. The last hour if no time is given.
         */
        get: operations["getInvocationsHistogram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get figures of invocations
         * @description Counts and times of invocations over time, from their records: at most 31 days and 500 steps, and the newest 50,000 records of that time. Those of a shadow, whose replies never count, are left out unless `mode` names them. The last 24 hours if no time is given.
         */
        get: operations["getFigures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/requests/{request}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get everything that is recorded of a request
         * @description The hooks that a request of the auth API ran, in order, with their host calls; its events, jobs, mails and deliveries; and what the script hooks did that handled its jobs. `{request}` is the id in `X-Request-Id`, or the id of a job. Records of requests without any of this are not kept: `not_found`.
         */
        get: operations["getRequestsRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search an environment
         * @description Finds users whose email address begins so, hooks of the project whose name contains it, and whatever has it as its id: a user, an invocation, a request, an event, a job or a mail. At most 10 users and 10 hooks, and nothing that the caller may not read: hooks need `hooks:read`, everything else `data:read`.
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/{invocation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an invocation */
        get: operations["getInvocationsInvocation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/{invocation}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay an invocation
         * @description Runs a recorded invocation again: the same context, payload, clock readings and random numbers, and the recorded results of SDK calls. Nothing outside is asked or changed, and nothing is recorded. Without `target` the version that ran is run, and its reply and fuel are the same. What a record does not have is never guessed: the verdict is `diverged` where the hook asks for something else than it had asked for, and `unknown`, with the reason, where the record is incomplete, has had a one-time code taken out, or has expired.
         */
        post: operations["postInvocationsInvocationReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/{invocation}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export an invocation for a replay
         * @description Everything that the invocation got from outside, for `aerocall replay --bundle` on another machine. The random seed is part of it: whoever has it knows what the hook drew at random. Each export is in the audit log.
         */
        get: operations["getInvocationsInvocationRecording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/invocations/{invocation}/case": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a test case of an invocation
         * @description Stores a test case with the hook: the input of the invocation, the results that its SDK calls got, and what the version that ran replies to them. Unless `redact` says otherwise, addresses, names and what is called like a secret are replaced first, alike wherever they stand; the domains of email addresses stay. Needs `data:read`, too.
         */
        post: operations["postInvocationsInvocationCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/backtests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List backtests */
        get: operations["getBacktests"];
        put?: never;
        /**
         * Start a backtest
         * @description Runs one version of a hook on the newest recorded invocations that match, with the results that those got from the SDK, and compares the decisions. It goes on after the response: `GET …/backtests/{backtest}` shows how far it is. One backtest of a project runs at a time; an environment keeps the last 20.
         */
        post: operations["postBacktests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/backtests/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan a backtest
         * @description Counts the recorded invocations that a backtest would run on, and how many of them cannot be run again.
         */
        post: operations["postBacktestsPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/backtests/{backtest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a backtest */
        get: operations["getBacktestsBacktest"];
        put?: never;
        post?: never;
        /**
         * Delete a backtest
         * @description A backtest that runs is stopped.
         */
        delete: operations["deleteBacktestsBacktest"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/backtests/{backtest}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the invocations of a backtest */
        get: operations["getBacktestsBacktestRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/backtests/{backtest}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a backtest
         * @description What was run so far stays. A backtest that has ended stays as it is.
         */
        post: operations["postBacktestsBacktestStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List signing keys
         * @description States: `next` is published and does not sign yet, `verifying` no longer signs but its tokens are still accepted, `retired` is no longer accepted.
         */
        get: operations["getSigningKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/signing-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate signing keys
         * @description Creates a signing key. It is published in the JSON Web Key Set at once and starts signing after the overlap (`token.key_overlap_seconds`); the old keys are accepted until their last token has expired.
         */
        post: operations["postSigningKeysRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List audit log entries of an environment */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit log entries of all projects
         * @description The audit log of the whole server. Requires an admin token.
         */
        get: operations["getAdminApiV1Audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users */
        get: operations["getUsers"];
        put?: never;
        /**
         * Create a user
         * @description Creates no session. Runs the signup hooks with `provider` set to `admin`.
         */
        post: operations["postUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a user */
        get: operations["getUsersUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Deletes the user with all sessions, factors and linked identities.
         */
        delete: operations["deleteUsersUser"];
        options?: never;
        head?: never;
        /**
         * Update a user
         * @description Omitted fields stay unchanged, `null` removes a value, and metadata is merged (JSON Merge Patch, RFC 7396).
         */
        patch: operations["patchUsersUser"];
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/ban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ban a user
         * @description Revokes the user's sessions and prevents new ones until the ban ends.
         */
        post: operations["postUsersUserBan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/unban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unban a user */
        post: operations["postUsersUserUnban"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke all sessions of a user */
        post: operations["postUsersUserLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a user's data
         * @description Everything stored about the user, except password hashes, secrets and tokens.
         */
        get: operations["getUsersUserExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sessions of a user
         * @description The active sessions, newest first, at most 100. The export of the user's data also has those that have ended.
         */
        get: operations["getUsersUserSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a session of a user
         * @description Its tokens are refused from then on.
         */
        delete: operations["deleteUsersUserSessionsSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the second factors of a user
         * @description Without their secrets. A factor whose state is `pending` is not confirmed and not yet used.
         */
        get: operations["getUsersUserFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/factors/{factor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a second factor of a user
         * @description For a user who has lost it; make sure who asks for it. Removing the last factor also deletes the recovery codes. If the project requires a second factor, the user adds a new one at the next login.
         */
        delete: operations["deleteUsersUserFactorsFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the linked identities of a user
         * @description The accounts at identity providers that the user can log in with.
         */
        get: operations["getUsersUserIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/identities/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink an identity provider from a user
         * @description The account at the provider can no longer be used to log in; sessions go on. It may be the user's only login method: then they get in again with a password reset or a login link.
         */
        delete: operations["deleteUsersUserIdentitiesProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/users/{user}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a user a password reset
         * @description Sends the mail that the user would get by requesting it: a link that works once, for one hour. The password stays until the link is used. The limit of mails to one recipient applies.
         */
        post: operations["postUsersUserPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get auth settings
         * @description Login methods, password rules, session lifetimes, rate limits and redirect URLs of the environment.
         */
        get: operations["getSettingsAuth"];
        /**
         * Replace auth settings
         * @description Replaces all settings: an omitted setting gets its default.
         */
        put: operations["putSettingsAuth"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get identity providers */
        get: operations["getSettingsProviders"];
        /**
         * Replace identity providers
         * @description Replaces the whole list; an omitted `clientSecret` stays unchanged. Each provider whose issuer is new is asked for its discovery document. If it calls itself something else, or cannot be used to log in, nothing is stored, and `details` says what to set; if it does not answer, it is stored, and `warnings` says why.
         */
        put: operations["putSettingsProviders"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/http": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the HTTP allow-list */
        get: operations["getSettingsHttp"];
        /** Replace the HTTP allow-list */
        put: operations["putSettingsHttp"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get mail settings */
        get: operations["getSettingsMail"];
        /** Replace mail settings */
        put: operations["putSettingsMail"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/mail/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test mail
         * @description Sends a mail at once with the stored settings, without trying again, and waits for what the mail server says. It is not in the list of mails. The limit of mails to one recipient applies.
         */
        post: operations["postSettingsMailTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get invocation limits */
        get: operations["getSettingsLimits"];
        /** Replace invocation limits */
        put: operations["putSettingsLimits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/settings/gates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what a deployment needs */
        get: operations["getSettingsGates"];
        /**
         * Replace what a deployment needs
         * @description Holds for deployments, canaries and promotions from now on: see the gate `backtest` of `POST …/deployments/plan`.
         */
        put: operations["putSettingsGates"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List mails
         * @description Mails that are waiting, sent, captured or failed, newest first.
         */
        get: operations["getMails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a mail */
        get: operations["getMailsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mails/{id}/html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview the HTML body of a mail
         * @description For a frame of the admin in the browser: scripts, forms, links to other windows and everything from other hosts are switched off by its Content-Security-Policy. A mail whose HTML body is deleted, or that has none, answers `not_found`.
         */
        get: operations["getMailsIdHtml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mails/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend a captured mail
         * @description Sends the same content to the same recipient again, as a new mail, by the mail settings as they are now. Only of captured mails: the bodies of sent and failed ones are deleted, because links and codes in them are for their recipients alone (`mail_not_kept`). The limit of mails to one recipient applies.
         */
        post: operations["postMailsIdResend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mail-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List mail templates */
        get: operations["getMailTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mail-templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a mail template */
        get: operations["getMailTemplatesName"];
        /**
         * Create or replace a mail template
         * @description At least one of `text` and `html` is required. An environment has at most 100 templates.
         */
        put: operations["putMailTemplatesName"];
        post?: never;
        /** Delete a mail template */
        delete: operations["deleteMailTemplatesName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/mail-templates/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a mail template
         * @description Renders the parts that are sent, and in their places those of the stored template or of the server's own mail with this name. Nothing is sent or stored. The HTML is untrusted: show it in a sandboxed frame.
         */
        post: operations["postMailTemplatesNamePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/mail-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the server's own mail templates
         * @description The mails that the server sends by itself. A template of an environment with one of these names takes its place. The same for every project.
         */
        get: operations["getAdminApiV1MailTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the types of events
         * @description What webhook endpoints can subscribe to: every type with its groups, its JSON Schema and a sample. The same for every environment.
         */
        get: operations["getEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description Newest first. Events are kept for the time set in the server's settings (`events.keep_seconds`).
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/events/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an event */
        get: operations["getEventsEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream events
         * @description Server-Sent Events as they happen, with `id`, `event` (the type) and `data` (the event). A stream ends after 15 minutes; a client that reconnects with `Last-Event-ID` continues where it stopped. A project has at most 20 streams at a time per server process.
         */
        get: operations["getEventsStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhook endpoints */
        get: operations["getWebhooks"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description Messages are signed as in Standard Webhooks 1.0. The secret is returned only here. An environment has at most 50 endpoints.
         */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a webhook endpoint */
        get: operations["getWebhooksWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook endpoint
         * @description Deletes the endpoint with its secrets and deliveries.
         */
        delete: operations["deleteWebhooksWebhook"];
        options?: never;
        head?: never;
        /**
         * Update a webhook endpoint
         * @description Omitted fields stay unchanged. Disabling an endpoint cancels its waiting deliveries.
         */
        patch: operations["patchWebhooksWebhook"];
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate a webhook secret
         * @description Creates a new secret. Until the old secrets expire, messages carry one signature for each secret, so that the receiver can switch without losing messages.
         */
        post: operations["postWebhooksWebhookRotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Sends a `webhook.test` event to this endpoint only, whatever its event types and filter. With `type`, the message is one of that type, with `"test": true` beside its `data`; the event that is kept stays a `webhook.test`, and nobody else gets it. The body can be left out.
         */
        post: operations["postWebhooksWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend failed or missing deliveries
         * @description Resends all failed deliveries, or creates up to 20,000 missing ones per request. If `next` is not null, send another request with it as `after`.
         */
        post: operations["postWebhooksWebhookReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/replay/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count what a replay would send
         * @description Changes nothing. Of missing deliveries, the first 20,000 events since the time are looked through; `isCut` says whether there are more.
         */
        post: operations["postWebhooksWebhookReplayPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deliveries of all webhook endpoints */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries */
        get: operations["getWebhooksWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery
         * @description The request without its signatures and time, and the attempts (at most 100) with headers and the beginning of the body of each response.
         */
        get: operations["getWebhooksWebhookDeliveriesDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/projects/{project}/environments/{environment}/webhooks/{webhook}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend a delivery
         * @description Sends a delivery that has ended once more. The message keeps its id, so that the receiver can recognise it.
         */
        post: operations["postWebhooksWebhookDeliveriesDeliveryReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check liveness */
        get: operations["getHealthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check readiness
         * @description Checks the services that this process uses, at most once a second and for at most two seconds each: `database`, `tenant_database`, and if configured `cache` (Redis) and, in a process that runs jobs, `broker` (RabbitMQ). Databases are asked to write, at most every five seconds. If a service does not respond or a database takes no changes, the status is 503 and `problem` says what is wrong: its disk is full, it is read-only, a lock is held, its file was deleted, and so on. A load balancer can exclude services that the server can do without: `?exclude=cache,broker`. A server that is shutting down responds with `stopping` and 503 until it closes (`http.drain_seconds`).
         */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Prometheus metrics
         * @description Metrics in the OpenMetrics text format. Requires the bearer token `metrics.token` if that is set; otherwise allowed only from the networks in `metrics.networks`. Refused with `not_found`.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the JSON Web Key Set
         * @description The public keys that verify the access tokens of an environment. The environment is that of the API key in `X-Aerocall-Key` or in `?key=`, or the one named by `?project=…&environment=…`.
         */
        get: operations["getWellKnownJwksJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the OpenAPI document */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/events.schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the event schema */
        get: operations["getDocsEventsSchemaJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * View the API reference
         * @description With `?project=…&environment=…` and an admin token or secret key as bearer token, it also shows which hooks run at each endpoint.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/style.css": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the style sheet of the API reference */
        get: operations["getDocsStyleCss"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** View all error codes */
        get: operations["getDocsErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/errors/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** View an error code */
        get: operations["getDocsErrorsCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Client: {
            id?: string;
            version?: string;
            /** @description At most 4 KiB. */
            data?: Record<string, unknown>;
        };
        Limits: {
            /** @description Fuel: a repeatable count of work; 10,000,000 is about one millisecond. */
            fuel?: number;
            /** @description Memory of the instance in bytes. */
            memoryBytes?: number;
            /** @description Wall-clock time of an invocation in milliseconds, including waiting. */
            deadlineMs?: number;
            /** @description Size of the payload in bytes. */
            payloadBytes?: number;
            /** @description Size of the reply in bytes. */
            replyBytes?: number;
            /** @description Number of log lines; later lines are dropped and counted. */
            logLines?: number;
            /** @description Size of the log in bytes. */
            logBytes?: number;
            /** @description Number of host calls. */
            hostCalls?: number;
            /** @description Bytes transferred by host calls, both directions together. */
            hostBytes?: number;
            /** @description Bytes of host calls stored with an invocation. */
            recordBytes?: number;
            /** @description Rows returned by all queries of an invocation together. */
            dbRows?: number;
            /** @description Time of one SQL statement in milliseconds. */
            dbStatementMs?: number;
            /** @description Number of HTTP requests. */
            httpRequests?: number;
            /** @description Size of one HTTP response in bytes, after decompression. */
            httpResponseBytes?: number;
            /** @description Number of mails. */
            emails?: number;
            /** @description Number of messages added to queues. */
            queueMessages?: number;
        };
        /** @description The request was refused, or failed. */
        Error: {
            /** @description Why. */
            error: components["schemas"]["ErrorBody"];
        };
        /** @description Why a request was refused, or failed. */
        ErrorBody: {
            /** @description Stable error code for programs; see `/docs/errors`. A hook that denies a request chooses its own. */
            code: string;
            /** @description Message for people; may change. */
            message: string;
            /** @description Identifies the request in the server's log. */
            request_id: string;
            /** @description Name of the hook that denied the request or failed; absent if it was no hook. */
            hook?: string;
            /** @description The problems, by field; absent if there are none. */
            details?: components["schemas"]["Problem"][];
            /**
             * @description Where a request expected something else than what is there: `yours`, what it expected, and `theirs`, what is there now or
             *     `null`. Absent otherwise.
             */
            conflict?: unknown;
        };
        /** @description What is wrong with one field. */
        Problem: {
            /** @description Path of the field, such as `client.id`. */
            field: string;
            /** @description What is wrong, for people. */
            problem: string;
        };
        /** @description What a sign-up leads to. */
        SignUp: components["schemas"]["SessionGrant"] | components["schemas"]["MfaEnrollment"] | components["schemas"]["ConfirmationRequired"];
        /** @description A session with its user and tokens. */
        SessionGrant: {
            /** @description The user who is logged in. */
            user: components["schemas"]["User"];
            /** @description The session. */
            session: components["schemas"]["SessionRef"];
            /** @description The access token, a JWT. */
            access_token: string;
            /**
             * @description How the access token is sent (RFC 6750).
             * @constant
             */
            token_type: "Bearer";
            /**
             * Format: int64
             * @description Lifetime of the access token in seconds.
             */
            expires_in: number;
            /** @description For `POST /auth/refresh`; works once. */
            refresh_token: string;
        };
        /** @description A user of an environment. */
        User: {
            /** @description Starts with `usr_`. */
            id: string;
            /**
             * @description Unique in the environment, without regard to upper and lower case. The domain is in ASCII and lower case
             *     (`xn--bcher-kva.example`, not `bücher.example`).
             */
            email: string;
            /** @description Whether the user has proved that the email address is theirs. */
            emailVerified: boolean;
            /** @description Phone number in international format (E.164); absent if the user has none. */
            phone?: string;
            /** @description Whether the user has proved that the phone number is theirs; absent without a phone number. */
            phoneVerified?: boolean;
            /** @description Display name; absent if the user has none. */
            name?: string;
            /** @description Data that the user can change. */
            metadata: {
                [key: string]: unknown;
            };
            /** @description Data that the user can read; only hooks and admins can change it. */
            publicMetadata: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the account was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the user was last changed.
             */
            updatedAt: string;
        };
        /** @description The id of a session. */
        SessionRef: {
            /** @description Starts with `ses_`. */
            id: string;
        };
        /** @description The login is not complete: a second factor must be enrolled. Send the token to `POST /auth/mfa/enroll`. */
        MfaEnrollment: {
            /** @description The enrollment. */
            mfa_enrollment: {
                /** @description Is sent instead of an access token. */
                token: string;
                /** @description What can be enrolled. */
                methods: components["schemas"]["FactorType"][];
                /**
                 * Format: int64
                 * @description Lifetime in seconds.
                 */
                expires_in: number;
            };
        };
        /**
         * @description A kind of second factor.
         * @constant
         */
        FactorType: "totp";
        /** @description The email address must be verified before the first login. The same answer for an address that has an account already. */
        ConfirmationRequired: {
            /**
             * @description Always `confirmation_required`.
             * @constant
             */
            status: "confirmation_required";
        };
        /** @description What a login leads to: a session, or what is missing for one. */
        SignIn: components["schemas"]["SessionGrant"] | components["schemas"]["MfaChallenge"] | components["schemas"]["MfaEnrollment"];
        /** @description The login is not complete: a second factor is required. Send the token to `POST /auth/mfa/verify`. */
        MfaChallenge: {
            /** @description The challenge. */
            mfa: {
                /** @description Is sent together with the second factor. */
                token: string;
                /** @description What can be sent as the second factor. */
                methods: components["schemas"]["MfaMethod"][];
                /**
                 * Format: int64
                 * @description Lifetime in seconds.
                 */
                expires_in: number;
            };
        };
        /**
         * @description What can be sent as a second factor.
         *
         *     - `totp`: A code from an authenticator app (RFC 6238), as `code`.
         *     - `recovery_code`: A recovery code, as `recovery_code`.
         * @enum {string}
         */
        MfaMethod: "totp" | "recovery_code";
        /** @description Sessions were revoked. */
        RevokedSessions: {
            /**
             * Format: uint64
             * @description How many there were.
             */
            revoked: number;
        };
        /** @description The current user. */
        CurrentUser: {
            /** @description The user that the access token belongs to. */
            user: components["schemas"]["User"];
        };
        /** @description The current user's account was deleted. */
        AccountDeleted: {
            /** @description Always true. */
            deleted: boolean;
        };
        /** @description The active sessions of the current user. */
        SessionList: {
            /** @description Newest first, at most 100. */
            sessions: components["schemas"]["Session"][];
        };
        /** @description An active session, as its owner sees it. */
        Session: {
            /** @description Starts with `ses_`. */
            id: string;
            /** @description Whether it is the session of the access token. */
            current: boolean;
            /** @description How the user logged in: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
            provider: string;
            /** @description Address of the client at the login. */
            ip: string;
            /** @description `User-Agent` of the client at the login; may be empty. */
            user_agent: string;
            /**
             * Format: date-time
             * @description When the user logged in.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its tokens were last refreshed.
             */
            last_used_at: string;
            /**
             * Format: date-time
             * @description When it expires, unless it is refreshed before.
             */
            expires_at: string;
        };
        /** @description The request was accepted. The answer does not say whether anything was sent. */
        Accepted: {
            /**
             * @description Always `accepted`.
             * @constant
             */
            status: "accepted";
        };
        /** @description The change was made. */
        Done: {
            /**
             * @description Always `done`.
             * @constant
             */
            status: "done";
        };
        /** @description A factor that waits for its confirmation, with its secret, which is returned only here. */
        FactorEnrollment: {
            /** @description For `POST /auth/mfa/enroll/confirm`. */
            factor_id: string;
            /** @description The secret for the authenticator app, in base32. */
            secret: string;
            /** @description The same as an `otpauth` URL, for a QR code. */
            otpauth_url: string;
        };
        /** @description What the confirmation of a factor leads to. */
        FactorConfirmation: components["schemas"]["EnrolledSession"] | components["schemas"]["RecoveryCodes"];
        /** @description A session with its user and tokens, and the recovery codes of the factor that was enrolled for it. */
        EnrolledSession: {
            /** @description Ten codes, each usable once instead of a code from the app. */
            recovery_codes: string[];
            /** @description The user who is logged in. */
            user: components["schemas"]["User"];
            /** @description The session. */
            session: components["schemas"]["SessionRef"];
            /** @description The access token, a JWT. */
            access_token: string;
            /**
             * @description How the access token is sent (RFC 6750).
             * @constant
             */
            token_type: "Bearer";
            /**
             * Format: int64
             * @description Lifetime of the access token in seconds.
             */
            expires_in: number;
            /** @description For `POST /auth/refresh`; works once. */
            refresh_token: string;
        };
        /** @description Recovery codes, which are returned only here. */
        RecoveryCodes: {
            /** @description Ten codes, each usable once instead of a code from the app. */
            recovery_codes: string[];
        };
        /** @description The second factors of the current user. */
        FactorList: {
            /** @description At most five. */
            factors: components["schemas"]["Factor"][];
            /**
             * Format: uint64
             * @description How many recovery codes are unused.
             */
            recovery_codes_left: number;
        };
        /** @description A second factor, without its secret. */
        Factor: {
            /** @description Starts with `mfa_`. */
            id: string;
            /** @description What kind of factor it is. */
            type: components["schemas"]["FactorType"];
            /** @description Chosen by the user; absent if they chose none. */
            name?: string;
            /** @description Whether it is used. */
            status: components["schemas"]["FactorStatus"];
            /**
             * Format: date-time
             * @description When the enrollment was started.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was confirmed; absent while it is pending.
             */
            verified_at?: string;
        };
        /**
         * @description Whether a second factor is used.
         *
         *     - `pending`: Not confirmed, and not yet used.
         *     - `verified`: Every login of the account asks for it.
         * @enum {string}
         */
        FactorStatus: "pending" | "verified";
        /** @description The identities of the current user. */
        IdentityList: {
            /** @description Oldest first. */
            identities: components["schemas"]["Identity"][];
        };
        /** @description An account at an identity provider that the user can log in with. */
        Identity: {
            /** @description Name of the identity provider in the project's settings. */
            provider: string;
            /** @description Email address of the account at the provider; absent if the provider gave none. */
            email?: string;
            /**
             * Format: date-time
             * @description When it was linked.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last used to log in or to link.
             */
            last_used_at: string;
        };
        /** @description A token that starts linking an identity provider. */
        LinkToken: {
            /** @description For `GET /auth/oauth/{provider}/authorize`, as `link`; works once. */
            token: string;
            /**
             * Format: int64
             * @description Lifetime in seconds.
             */
            expires_in: number;
        };
        /** @description The first admin of a server: a token, or the account of an administrator. */
        FirstAdmin: components["schemas"]["NewAdminToken"] | components["schemas"]["FirstAccount"];
        /** @description A new admin token. The token is returned only here. */
        NewAdminToken: {
            /** @description As in the audit log. */
            id: string;
            /** @description What it was named. */
            name: string;
            /** @description The token, for `Authorization: Bearer`. Only its hash is stored. */
            token: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Permission"][];
            /** @description The only environment that it opens; `null` if it opens all. */
            environment: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /**
         * @description What a caller of the admin API may do. `hooks:deploy` and `…:write` include the same `…:read`; `project:manage`
         *     includes everything of the project, and `server:manage` everything. Each includes `project:read`.
         *
         *     - `project:read`: See that the project and its environments exist.
         *     - `hooks:read`: See hooks, versions, deployments, migrations, and which hooks an endpoint runs.
         *     - `hooks:deploy`: Upload versions, deploy, roll back, enable and disable hooks.
         *     - `data:read`: See users, events, invocations, jobs, mails, deliveries and the audit log: personal data.
         *     - `data:write`: Change users, requeue jobs, send deliveries again.
         *     - `settings:read`: See settings, webhooks, mail templates, signing keys and the names of secrets.
         *     - `settings:write`: Change settings, webhooks, mail templates and secrets; rotate signing keys.
         *     - `project:manage`: Manage keys and tokens of the project, rename it and its environments.
         *     - `server:manage`: Create and delete projects and environments, manage tokens of the server, see the audit log of the server.
         * @enum {string}
         */
        Permission: "project:read" | "hooks:read" | "hooks:deploy" | "data:read" | "data:write" | "settings:read" | "settings:write" | "project:manage" | "server:manage";
        /** @description The first administrator of a server, who can sign in now. */
        FirstAccount: {
            /** @description The account. */
            account: components["schemas"]["AdminAccount"];
        };
        /** @description A person who uses the admin API. */
        AdminAccount: {
            /** @description As in the audit log. */
            id: string;
            /** @description What they sign in with. */
            email: string;
            /** @description Whether they may do everything on the server. */
            isAdministrator: boolean;
            /** @description Whether they sign in with an authenticator app as well. */
            hasTotp: boolean;
            /**
             * Format: date-time
             * @description When the account was created.
             */
            createdAt: string;
        };
        /** @description Admin tokens that are valid. */
        AdminTokenList: {
            /** @description Newest first. */
            tokens: components["schemas"]["AdminToken"][];
        };
        /** @description An admin token that is valid, without the token itself. */
        AdminToken: {
            /** @description As in the audit log. */
            id: string;
            /** @description What it was named. */
            name: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Permission"][];
            /** @description The only environment that it opens; `null` if it opens all. */
            environment: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to about ten minutes; `null` if it never was.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /** @description Something was deleted. */
        Deleted: {
            /** @description Its name or id. */
            deleted: string;
        };
        /** @description The answer to a sign-in. */
        AdminSignIn: {
            /** @description Whether a code is missing. */
            state: components["schemas"]["AdminSignInState"];
            /** @description For `POST /admin/api/v1/session/totp`, good for five minutes and once; `null` if no code is missing. */
            ticket: string | null;
            /** @description For the header `X-CSRF-Token` of every request that changes something; `null` if a code is missing. */
            csrfToken: string | null;
            /**
             * Format: date-time
             * @description When the session ends at the latest; `null` if a code is missing.
             */
            expiresAt: string | null;
        };
        /**
         * @description How far a sign-in is.
         *
         *     - `signed_in`: The cookie of the session was set.
         *     - `totp`: A code of the authenticator app, or a recovery code, is missing.
         * @enum {string}
         */
        AdminSignInState: "signed_in" | "totp";
        /** @description Until when what needs a fresh proof can be done. */
        FreshProof: {
            /**
             * Format: date-time
             * @description Then it has to be confirmed again.
             */
            freshUntil: string;
        };
        /** @description Who sends a request, and what they may do. */
        CurrentAdmin: {
            /** @description How they are known. */
            by: components["schemas"]["CallerKind"];
            /** @description Id of the session or token; of a secret key, its project and environment. */
            id: string;
            /** @description The person; `null` if it is an admin token or a secret key. */
            account: components["schemas"]["AdminAccount"] | null;
            /** @description The roles of the person; empty if it is an admin token or a secret key. Administrators need none. */
            roles: components["schemas"]["ProjectRole"][];
            /** @description What the token is limited to, or may do; what an account may do depends on the project, so `null` without limits. */
            scopes: components["schemas"]["Permission"][] | null;
            /** @description The only project that the token or key opens; `null` if it opens all that its holder may see. */
            project: string | null;
            /** @description The only environment that the token or key opens; `null` if it opens all. */
            environment: string | null;
            /** @description For the header `X-CSRF-Token`; `null` without a session, as tokens need none. */
            csrfToken: string | null;
            /**
             * Format: date-time
             * @description Until when what needs a fresh proof can be done; `null` without a session, or if it is over.
             */
            freshUntil: string | null;
            /**
             * Format: date-time
             * @description When the session or token ends; `null` if it does not end by itself.
             */
            expiresAt: string | null;
        };
        /**
         * @description How a caller of the admin API is known.
         *
         *     - `session`: By the cookie of a session.
         *     - `personal_token`: By a personal token.
         *     - `admin_token`: By an admin token of the server or of a project.
         *     - `secret_key`: By the secret key of an environment.
         * @enum {string}
         */
        CallerKind: "session" | "personal_token" | "admin_token" | "secret_key";
        /** @description A role of an account in a project. */
        ProjectRole: {
            /** @description The project's id. */
            project: string;
            /** @description What the account may do there. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description What a member may do in a project.
         *
         *     - `viewer`: `project:read`, `hooks:read`, `data:read`, `settings:read`.
         *     - `developer`: Also `hooks:deploy`, `data:write`, `settings:write`.
         *     - `owner`: Also `project:manage`.
         * @enum {string}
         */
        Role: "viewer" | "developer" | "owner";
        /** @description The sessions of an account. */
        AdminSessionList: {
            /** @description Newest first. */
            sessions: components["schemas"]["AdminSession"][];
        };
        /** @description A session of an account. */
        AdminSession: {
            /** @description Identifies the session. */
            id: string;
            /** @description Whether it is the session of this request. */
            isCurrent: boolean;
            /** @description The IP address that signed in. */
            ip: string;
            /** @description What the browser called itself. */
            userAgent: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to about ten minutes.
             */
            lastSeenAt: string;
            /**
             * Format: date-time
             * @description When it ends at the latest.
             */
            expiresAt: string;
        };
        /** @description Sessions were ended. */
        EndedSessions: {
            /**
             * Format: uint64
             * @description How many.
             */
            ended: number;
        };
        /** @description An authenticator app that waits for its first code, with its secret, which is returned only here. */
        TotpEnrollment: {
            /** @description The secret for the app, in base32. */
            secret: string;
            /** @description The same as an `otpauth` URL, for a QR code. */
            otpauthUrl: string;
        };
        /** @description Recovery codes of an account, which are returned only here. */
        AdminRecoveryCodes: {
            /** @description Ten codes, each usable once instead of a code from the app. */
            recoveryCodes: string[];
        };
        /** @description Personal tokens that are valid. */
        PersonalTokenList: {
            /** @description Newest first. */
            tokens: components["schemas"]["PersonalToken"][];
        };
        /** @description A personal token that is valid, without the token itself. */
        PersonalToken: {
            /** @description As in the audit log. */
            id: string;
            /** @description What it was named. */
            name: string;
            /** @description What it is limited to; `null` if it may do whatever its person may do. */
            scopes: components["schemas"]["Permission"][] | null;
            /** @description The only project that it opens; `null` if it opens all that its person may see. */
            project: string | null;
            /** @description The only environment that it opens; `null` if it opens all. */
            environment: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to about ten minutes; `null` if it never was.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /** @description A new personal token. The token is returned only here. */
        NewPersonalToken: {
            /** @description As in the audit log. */
            id: string;
            /** @description What it was named. */
            name: string;
            /** @description The token, for `Authorization: Bearer`. Only its hash is stored. */
            token: string;
            /** @description What it is limited to; `null` if it may do whatever its person may do. */
            scopes: components["schemas"]["Permission"][] | null;
            /** @description The only project that it opens; `null` if it opens all that its person may see. */
            project: string | null;
            /** @description The only environment that it opens; `null` if it opens all. */
            environment: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /** @description The accounts of a server. */
        AdminAccountList: {
            /** @description Oldest first. */
            accounts: components["schemas"]["AdminAccount"][];
        };
        /** @description A link with which the holder of an account chooses a new password. */
        NewPasswordReset: {
            /** @description The account's address. */
            email: string;
            /** @description For the holder of the account. The token is behind a `#`, which browsers send to nobody. */
            link: string;
            /** @description The token in the link, for `POST /admin/api/v1/password-reset/confirm`. */
            token: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expiresAt: string;
        };
        /** @description The members of a project. */
        MemberList: {
            /** @description In the order of their accounts, oldest first. Administrators of the server are not listed unless they have a role. */
            members: components["schemas"]["Member"][];
        };
        /** @description A member of a project. */
        Member: {
            /** @description The account's id. */
            id: string;
            /** @description The account's address. */
            email: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description Since when they are a member.
             */
            since: string;
        };
        /** @description An invitation was accepted. */
        AcceptedInvitation: {
            /** @description The account, which was created if there was none. */
            account: components["schemas"]["AdminAccount"];
            /** @description The project; `null` if it was for an administrator of the server. */
            project: string | null;
            /** @description The role there; `null` if it was for an administrator of the server. */
            role: components["schemas"]["Role"] | null;
        };
        /** @description The invitations that wait to be accepted. */
        InvitationList: {
            /** @description Newest first. */
            invitations: components["schemas"]["Invitation"][];
        };
        /** @description An invitation that waits to be accepted, without its link. */
        Invitation: {
            /** @description Identifies the invitation. */
            id: string;
            /** @description Whom it is for. */
            email: string;
            /** @description The role in the project; `null` if it is for an administrator of the server. */
            role: components["schemas"]["Role"] | null;
            /** @description Who created it, as in the audit log. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expiresAt: string;
        };
        /** @description A new invitation. Link and token are returned only here. */
        NewInvitation: {
            /** @description Identifies the invitation. */
            id: string;
            /** @description Whom it is for. */
            email: string;
            /** @description The role in the project; `null` if it is for an administrator of the server. */
            role: components["schemas"]["Role"] | null;
            /** @description For the person who is invited. The token is behind a `#`, which browsers send to nobody. */
            link: string;
            /** @description The token in the link, for `POST /admin/api/v1/invitations/accept`. */
            token: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expiresAt: string;
            /** @description Whether the link was mailed to the address; only if the request asked for it. */
            isMailed: boolean;
            /** @description Why the mail was not sent although the request asked for it; else `null`. */
            mailProblem: string | null;
        };
        /** @description What the server is and can do. */
        ServerMeta: {
            /** @description Version of the program. */
            version: string;
            /**
             * Format: date-time
             * @description The time on the server.
             */
            now: string;
            /** @description The JavaScript engines that bundles can share. */
            engines: components["schemas"]["ServerEngine"][];
            /** @description What it can do. */
            features: components["schemas"]["ServerFeatures"];
            /** @description How much may be sent and is kept. */
            limits: components["schemas"]["ServerLimits"];
            /** @description Every permission that a token can have. */
            permissions: components["schemas"]["Permission"][];
            /** @description Every action that the audit log knows. */
            auditActions: string[];
        };
        /** @description A JavaScript engine. */
        ServerEngine: {
            /** @description Its name. */
            name: string;
            /** @description What bundles name it by: `sha256:…`. */
            digest: string;
        };
        /** @description What a server can do. */
        ServerFeatures: {
            /** @description Whether it checks the types of sources. An editor does with what `…/types` answers. */
            types: boolean;
            /** @description Whether mails of projects without a mail server are captured instead of sent. */
            mailCapture: boolean;
            /** @description Whether it has a model for the assistant of projects that set none of their own. */
            assistant: boolean;
        };
        /** @description How much may be sent and is kept. */
        ServerLimits: {
            /**
             * Format: uint64
             * @description Bytes of a JSON body.
             */
            jsonBodyBytes: number;
            /**
             * Format: uint64
             * @description Bytes of a bundle, and of a draft with what is sent around it.
             */
            bundleBytes: number;
            /**
             * Format: uint64
             * @description Seconds for which invocations are kept.
             */
            recordsKeepSeconds: number;
            /**
             * Format: uint64
             * @description Invocations that are kept of one project.
             */
            recordsMostPerProject: number;
            /**
             * Format: uint64
             * @description Seconds for which events are kept.
             */
            eventsKeepSeconds: number;
            /** @description The most that an invocation may use, whatever a hook or a project asks for. */
            invocation: components["schemas"]["EffectiveLimits"];
        };
        /** @description What one invocation can use. */
        EffectiveLimits: {
            /**
             * Format: uint64
             * @description Fuel: a repeatable count of work; 10,000,000 is about one millisecond.
             */
            fuel: number;
            /**
             * Format: uint64
             * @description Memory of the instance in bytes.
             */
            memoryBytes: number;
            /**
             * Format: uint64
             * @description Wall-clock time of an invocation in milliseconds, including waiting.
             */
            deadlineMs: number;
            /**
             * Format: uint64
             * @description Size of the payload in bytes.
             */
            payloadBytes: number;
            /**
             * Format: uint64
             * @description Size of the reply in bytes.
             */
            replyBytes: number;
            /**
             * Format: uint32
             * @description Number of log lines; later lines are dropped and counted.
             */
            logLines: number;
            /**
             * Format: uint64
             * @description Size of the log in bytes.
             */
            logBytes: number;
            /**
             * Format: uint32
             * @description Number of host calls.
             */
            hostCalls: number;
            /**
             * Format: uint64
             * @description Bytes transferred by host calls, both directions together.
             */
            hostBytes: number;
            /**
             * Format: uint64
             * @description Bytes of host calls stored with an invocation.
             */
            recordBytes: number;
            /**
             * Format: uint32
             * @description Rows returned by all queries of an invocation together.
             */
            dbRows: number;
            /**
             * Format: uint64
             * @description Time of one SQL statement in milliseconds.
             */
            dbStatementMs: number;
            /**
             * Format: uint32
             * @description Number of HTTP requests.
             */
            httpRequests: number;
            /**
             * Format: uint64
             * @description Size of one HTTP response in bytes, after decompression.
             */
            httpResponseBytes: number;
            /**
             * Format: uint32
             * @description Number of mails.
             */
            emails: number;
            /**
             * Format: uint32
             * @description Number of messages added to queues.
             */
            queueMessages: number;
        };
        /** @description The projects that the caller can see. */
        ProjectList: {
            /** @description By id. */
            projects: components["schemas"]["Project"][];
        };
        /** @description A project. */
        Project: {
            /** @description Unique on the server. */
            id: string;
            /** @description Display name. */
            name: string;
            /** @description Names of the environments, sorted. */
            environments: string[];
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
        };
        /** @description The API keys of a new environment. The secret key is returned only here. */
        ProjectKeys: {
            /** @description The project. */
            project_id: string;
            /** @description The environment that the keys are for. */
            environment: string;
            /** @description For clients; may be public. */
            publishable_key: string;
            /** @description For servers, and for the admin API of the environment. Only its hash is stored. */
            secret_key: string;
        };
        /** @description An environment of a project. */
        Environment: {
            /** @description The id of its project. */
            project: string;
            /** @description Unique in the project; it never changes. */
            name: string;
            /** @description For people; the name until it is set. */
            displayName: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
        };
        /** @description API keys that are valid. */
        ApiKeyList: {
            /** @description Newest first. */
            keys: components["schemas"]["ApiKey"][];
        };
        /** @description An API key that is valid. */
        ApiKey: {
            /** @description Identifies the key; it is no secret. */
            id: string;
            /** @description What it may do. */
            kind: components["schemas"]["ApiKeyKind"];
            /** @description What it was named; may be empty. */
            name: string;
            /** @description The key, if it is publishable; `null` if it is secret: only its hash is stored. */
            key: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to about ten minutes; `null` if it never was.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /**
         * @description What an API key may do.
         *
         *     - `publishable`: For clients; may be public.
         *     - `secret`: For servers, and for the admin API of the environment.
         * @enum {string}
         */
        ApiKeyKind: "publishable" | "secret";
        /** @description A new API key. A secret key is returned only here. */
        NewApiKey: {
            /** @description Identifies the key; it is no secret. */
            id: string;
            /** @description What it may do. */
            kind: components["schemas"]["ApiKeyKind"];
            /** @description What it was named; may be empty. */
            name: string;
            /** @description The key. */
            key: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it stops working; `null` if it works until it is revoked.
             */
            expiresAt: string | null;
        };
        /** @description The hooks of a project: all that have a version or a draft. */
        HookList: {
            /** @description By name. */
            hooks: components["schemas"]["HookSummary"][];
            /**
             * @description What the newest version of each hook does, and each version that is live in an environment that the caller may see. A version
             *     that nobody has asked for yet is left out: `GET …/hooks/{hook}/versions/{number}/summary`.
             */
            summaries: components["schemas"]["VersionSummary"][];
        };
        /** @description A hook of a project. */
        HookSummary: {
            /** @description Name of the hook. */
            name: string;
            /**
             * Format: int64
             * @description How many versions it has.
             */
            versions: number;
            /**
             * Format: int32
             * @description Number of the newest version; `null` if it has none.
             */
            newest: number | null;
            /** @description Its draft; `null` if it has none. */
            draft: components["schemas"]["DraftSummary"] | null;
            /** @description Where it is part of the live deployment, of the environments that the caller may see. */
            live: components["schemas"]["HookEnvironment"][];
        };
        /** @description A draft without its files. */
        DraftSummary: {
            /**
             * Format: int64
             * @description Grows with every change.
             */
            revision: number;
            /** @description The version that the draft began from, or that was made of it last; `null` if there is none. */
            base: components["schemas"]["DraftBase"] | null;
            /**
             * Format: date-time
             * @description When it was changed.
             */
            updatedAt: string;
            /** @description Who changed it: `admin:<id>` or `key:<project>/<environment>`. */
            updatedBy: string;
        };
        /** @description The version that a draft began from. */
        DraftBase: {
            /**
             * Format: int32
             * @description Its number.
             */
            number: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
        };
        /** @description A hook that is part of the live deployment of an environment. */
        HookEnvironment: {
            /** @description Name of the environment. */
            environment: string;
            /**
             * Format: int32
             * @description Number of the live version.
             */
            number: number;
            /** @description Whether it is run. */
            state: components["schemas"]["HookState"];
            /**
             * Format: int32
             * @description Number of the live deployment.
             */
            deployment: number;
        };
        /**
         * @description Whether a deployed hook is run.
         *
         *     - `enabled`: It is run.
         *     - `disabled`: It is not run.
         * @enum {string}
         */
        HookState: "enabled" | "disabled";
        /** @description What a version of a hook does. */
        VersionSummary: {
            /** @description The hook. */
            hook: string;
            /**
             * Format: uint32
             * @description Number of the version.
             */
            version: number;
            /** @description As `GET …/hooks/{hook}/versions/{number}/summary` answers it. */
            summary: components["schemas"]["CodeSummary"];
        };
        /** @description What a version of a hook or a draft does. */
        CodeSummary: {
            /** @description One or two sentences. */
            text: string;
            /** @description Who wrote the text. */
            origin: components["schemas"]["SummarySource"];
            /** @description The model that wrote it; `null` if the server did. */
            model: string | null;
            /** @description What the code says. */
            facts: components["schemas"]["CodeFacts"];
        };
        /**
         * @description Who writes summaries of hooks.
         *
         *     - `code`: The server, from the code.
         *     - `model`: The model; until it has answered, the server.
         * @enum {string}
         */
        SummarySource: "code" | "model";
        /** @description What the code of a hook says of what it does. None of it was run. */
        CodeFacts: {
            /** @description Hook points and events, and queues and schedules, by name. */
            points: string[];
            /** @description Where it denies. */
            denies: components["schemas"]["DenialFact"][];
            /** @description Members of the payload that it patches. */
            patches: string[];
            /** @description Functions of the SDK that it calls: `db.query`. */
            calls: string[];
            /** @description Hosts that it sends requests to. */
            hosts: string[];
            /** @description Names of the secrets that it uses. */
            secrets: string[];
            /** @description Queues that it adds jobs to. */
            queues: string[];
        };
        /** @description A place at which a hook denies; what is not written there as it is, is `null`. */
        DenialFact: {
            /** @description Its code. */
            code: string | null;
            /**
             * Format: uint16
             * @description Its status.
             */
            status: number | null;
            /** @description Its message. */
            message: string | null;
            /** @description Path of the file. */
            file: string;
            /**
             * Format: uint32
             * @description Line, from 1.
             */
            line: number;
        };
        /** @description A draft of a hook. */
        Draft: {
            /** @description Name of the hook. */
            hook: string;
            /**
             * Format: int64
             * @description Grows with every change; also the `ETag` of the answer.
             */
            revision: number;
            /** @description The source files, by path. */
            files: components["schemas"]["SourceFile"][];
            /** @description npm packages that came with the version that the draft began from. A build finds them; they are not sent back. */
            packages: components["schemas"]["BundledPackage"][];
            /** @description What a build needs besides the files. */
            settings: components["schemas"]["BuildSettings"];
            /** @description The version that the draft began from, or that was made of it last; `null` if there is none. */
            base: components["schemas"]["DraftBase"] | null;
            /**
             * Format: date-time
             * @description When it was changed.
             */
            updatedAt: string;
            /** @description Who changed it: `admin:<id>` or `key:<project>/<environment>`. */
            updatedBy: string;
        };
        /** @description A source file. */
        SourceFile: {
            /** @description Relative to the project, with `/`: `hooks/signup.ts`. */
            path: string;
            /** @description Its text. */
            text: string;
        };
        /** @description An npm package whose files a bundle or a draft carries. */
        BundledPackage: {
            /** @description Name of the package. */
            name: string;
            /** @description Its version; `null` if its `package.json` names none. */
            version: string | null;
            /**
             * Format: uint32
             * @description How many of its files there are.
             */
            files: number;
            /**
             * Format: uint64
             * @description Size of these files in bytes.
             */
            sizeBytes: number;
        };
        /** @description What a build of a hook needs besides its files: what `aerocall.toml` says of it in a project on disk. */
        BuildSettings: {
            /** @description The file that the hook is; `null`: `hooks/<name>.ts`, or another one with its name. */
            entry: string | null;
            /** @description The most that the hook may touch: `cache`, `http:api.example.com`; `null`: what its code uses. */
            capabilities: string[] | null;
            /** @description Limits that it requests, by name. */
            limits: {
                [key: string]: number;
            };
            /** @description Cron patterns in UTC by name of the schedule. */
            schedules: {
                [key: string]: string;
            };
        };
        /** @description What came of a build that nothing is made of. */
        HookCheck: {
            /** @description What is wrong, errors first, then by place. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What the bundle would say about itself; `null` if there is an error. */
            manifest: components["schemas"]["Manifest"] | null;
            /**
             * Format: uint64
             * @description Size of the bundle in bytes; `null` if there is an error.
             */
            sizeBytes: number | null;
            /** @description Whether types were checked. */
            types: components["schemas"]["TypeCheck"];
        };
        /** @description A problem at a place in a source file. */
        Diagnostic: {
            /** @description Path of the file. */
            file: string;
            /**
             * Format: uint32
             * @description Line, from 1.
             */
            line: number;
            /**
             * Format: uint32
             * @description Column in UTF-16 code units, from 1.
             */
            column: number;
            /**
             * Format: uint32
             * @description Line on which the place ends.
             */
            endLine: number;
            /**
             * Format: uint32
             * @description Column after the last character of the place.
             */
            endColumn: number;
            /** @description Stable code, such as `missing-import`. */
            code: string;
            /** @description Whether it stops the build. */
            severity: components["schemas"]["DiagnosticSeverity"];
            /** @description What is wrong. */
            message: string;
            /** @description What to do about it; `null` if nothing is known. */
            hint: string | null;
        };
        /**
         * @description How bad a problem is.
         *
         *     - `error`: The hook cannot be built.
         *     - `warning`: The hook is built, but may not do what its author expects.
         * @enum {string}
         */
        DiagnosticSeverity: "error" | "warning";
        /** @description What a bundle says about itself. */
        Manifest: {
            /**
             * Format: uint32
             * @description Version of the manifest's format.
             */
            format: number;
            /** @description Name of the hook file without ending. */
            name: string;
            /** @description Version of the interface that the bundle was built against. */
            contract: string;
            /** @description The JavaScript engine that the bundle needs. Omitted if the bundle is self-contained, as those of other languages are. */
            engine?: components["schemas"]["ManifestEngine"];
            /** @description Language of its source, such as `rust`. Omitted for JavaScript and TypeScript. */
            language?: string;
            /** @description Compiler that built it, as it names itself. Omitted for JavaScript and TypeScript. */
            toolchain?: string;
            /** @description Hook points that it has a hook for, sorted. */
            hooks: string[];
            /** @description Events and queues that it handles, sorted: `auth.signup`, `queue.mails`. */
            events: string[];
            /** @description Cron patterns in UTC by name of the schedule. Omitted if there is none. */
            schedules?: {
                [key: string]: string;
            };
            /**
             * @description Events that are handled one after the other: for each, the path in its data of the key that orders them. Omitted if there
             *     is none.
             */
            order?: {
                [key: string]: string;
            };
            /** @description Priorities by event. Omitted if all are normal. */
            priority?: {
                [key: string]: components["schemas"]["JobPriority"];
            };
            /** @description Capabilities that it declares, sorted: `cache`, `http:api.example.com`. */
            capabilities: string[];
            /** @description Limits that it requests, by name. Omitted if it requests none. */
            limits?: {
                [key: string]: number;
            };
            /** @description SHA-256 of the bundled source, or of what the compiler of another language made: `sha256:…`. */
            sourceDigest: string;
        };
        /** @description The JavaScript engine that a bundle needs. */
        ManifestEngine: {
            /** @description Name of the engine, such as `quickjs`. */
            name: string;
            /** @description SHA-256 of the engine's module: `sha256:…`. */
            digest: string;
        };
        /**
         * @description How urgent a job is.
         *
         *     - `high`: Before all others.
         *     - `normal`: The default.
         *     - `low`: After all others.
         * @enum {string}
         */
        JobPriority: "high" | "normal" | "low";
        /** @description Whether the types of a hook were checked. */
        TypeCheck: {
            /** @description What is known of the types. */
            status: components["schemas"]["TypeStatus"];
            /** @description Why they were not checked; `null` if they were. */
            reason: string | null;
        };
        /**
         * @description What is known of the types of a hook.
         *
         *     - `not_checked`: Nobody has looked at them.
         *     - `checked`: They were checked; problems are among the diagnostics.
         * @enum {string}
         */
        TypeStatus: "not_checked" | "checked";
        /** @description The versions of one hook. */
        VersionList: {
            /** @description Newest first. */
            versions: components["schemas"]["Version"][];
        };
        /** @description A version of a hook. Versions are immutable. */
        Version: {
            /** @description The hook. */
            name: string;
            /**
             * Format: int32
             * @description Counts from 1 per hook.
             */
            number: number;
            /** @description SHA-256 of the bundle's bytes: `sha256:…`. */
            digest: string;
            /**
             * Format: int64
             * @description Size of the bundle in bytes.
             */
            sizeBytes: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who made it: `admin:<id>`, `key:<project>/<environment>` or `server`; `null` if that was not kept yet. */
            author: string | null;
            /** @description What its author said of it; `null` if nothing. */
            message: string | null;
            /**
             * Format: int32
             * @description The version that its draft had begun from; `null` if it was uploaded, or its draft began from none.
             */
            base: number | null;
            /** @description What the bundle says about itself. */
            manifest: components["schemas"]["Manifest"];
        };
        /** @description The sources that a version carries. */
        VersionFiles: {
            /**
             * @description Whether the bundle carries sources. One that was built by another compiler, or by hand, may carry none: it can be deployed
             *     and compared by manifest, and not be edited.
             */
            sources: components["schemas"]["SourcesState"];
            /** @description The source files, by path. */
            files: components["schemas"]["SourceFile"][];
            /** @description npm packages whose files the bundle carries. */
            packages: components["schemas"]["BundledPackage"][];
            /** @description Why files of packages are missing; `null` if none are. */
            packagesOmitted: string | null;
            /** @description What a build needs besides the files. */
            settings: components["schemas"]["BuildSettings"];
        };
        /**
         * @description Whether a bundle carries sources.
         *
         *     - `bundled`: It carries its sources.
         *     - `none`: It carries none.
         * @enum {string}
         */
        SourcesState: "bundled" | "none";
        /** @description What differs between two versions of a hook, or a version and the draft. */
        HookComparison: {
            /** @description The one side. */
            a: components["schemas"]["ComparedSide"];
            /** @description The other side. */
            b: components["schemas"]["ComparedSide"];
            /** @description The files that differ, by path; `null` if one of the sides carries no sources. */
            files: components["schemas"]["FileChange"][] | null;
            /** @description The npm packages that differ, by name; `null` if one of the sides carries no sources. */
            packages: components["schemas"]["PackageChange"][] | null;
            /** @description What the manifests differ in; `null` if one of the sides is the draft, which has none before it is built. */
            manifest: components["schemas"]["ManifestChanges"] | null;
        };
        /** @description One of two things that are compared. */
        ComparedSide: {
            /**
             * Format: int32
             * @description Number of the version; `null` if it is the draft.
             */
            number: number | null;
            /**
             * Format: int64
             * @description Revision of the draft; `null` if it is a version.
             */
            revision: number | null;
            /** @description Digest of the version: `sha256:…`; `null` if it is the draft. */
            digest: string | null;
            /** @description Whether it carries sources. */
            sources: components["schemas"]["SourcesState"];
        };
        /** @description A file that differs. */
        FileChange: {
            /** @description Path of the file. */
            path: string;
            /** @description Its text on the one side; `null` if it is not there. */
            before: string | null;
            /** @description Its text on the other side; `null` if it is not there. */
            after: string | null;
        };
        /** @description An npm package that differs. */
        PackageChange: {
            /** @description Name of the package. */
            name: string;
            /** @description Its version on the one side; `null` if it is not there, or names none. */
            before: string | null;
            /** @description Its version on the other side; `null` if it is not there, or names none. */
            after: string | null;
        };
        /** @description What two manifests differ in. */
        ManifestChanges: {
            /** @description Capabilities. */
            capabilities: components["schemas"]["Difference"];
            /** @description Hook points, events and queues. */
            points: components["schemas"]["Difference"];
            /** @description Requested limits that differ, by name. */
            limits: components["schemas"]["LimitChange"][];
            /** @description Schedules that differ, by name. */
            schedules: components["schemas"]["ScheduleChange"][];
        };
        /** @description What one set has and another has not. */
        Difference: {
            /** @description Only the second has these. */
            added: string[];
            /** @description Only the first has these. */
            removed: string[];
        };
        /** @description A requested limit that differs. */
        LimitChange: {
            /** @description Name of the limit. */
            name: string;
            /**
             * Format: uint64
             * @description What the first requests; `null`: nothing.
             */
            before: number | null;
            /**
             * Format: uint64
             * @description What the second requests; `null`: nothing.
             */
            after: number | null;
        };
        /** @description A schedule that differs. */
        ScheduleChange: {
            /** @description Name of the schedule. */
            name: string;
            /** @description Its pattern on the one side; `null` if it is not there. */
            before: string | null;
            /** @description Its pattern on the other side; `null` if it is not there. */
            after: string | null;
        };
        /** @description The last deployments of an environment. */
        DeploymentList: {
            /** @description Newest first, at most 100. */
            deployments: components["schemas"]["Deployment"][];
        };
        /** @description A deployment. Deployments are immutable. */
        Deployment: {
            /** @description Its id. */
            id: string;
            /**
             * Format: int32
             * @description Counts from 1 per environment; the highest number is live.
             */
            number: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who made it: `admin:<id>`, `key:<project>/<environment>` or `server`. */
            createdBy: string;
            /** @description What whoever made it said of it; `null` if nothing. */
            message: string | null;
            /** @description Why it was made although a gate had failed; `null` if none had. */
            forcedReason: string | null;
        };
        /** @description A new deployment, and what is live with it. */
        DeploymentResult: {
            /** @description The deployment. */
            deployment: components["schemas"]["Deployment"];
            /** @description Names of the migrations that were applied for it, in order. */
            migrations: string[];
            /**
             * @description Secrets that the hooks declare and the environment does not have. The hooks are live; what uses such a secret fails until
             *     it is set.
             */
            missingSecrets: components["schemas"]["MissingSecret"][];
            /**
             * Format: int32
             * @description Number of the live deployment; `null` if nothing has been deployed.
             */
            number: number | null;
            /** @description The enabled hooks of every hook point, in the order in which they run. */
            points: {
                [key: string]: components["schemas"]["PointHook"][];
            };
            /** @description The hooks one by one, in the order in which they run. */
            hooks: components["schemas"]["LiveHook"][];
        };
        /** @description A secret that a hook declares and the environment does not have. */
        MissingSecret: {
            /** @description The hook. */
            hook: string;
            /** @description Name of the secret. */
            secret: string;
        };
        /** @description A hook at a hook point. */
        PointHook: {
            /** @description The hook. */
            name: string;
            /**
             * Format: uint32
             * @description Number of the live version.
             */
            number: number;
            /** @description Digest of the live version: `sha256:…`. */
            digest: string;
            /** @description What happens to the request when the hook fails. */
            failurePolicy: components["schemas"]["FailurePolicy"];
        };
        /**
         * @description What a failure of a hook means for the request.
         *
         *     - `open`: The request continues.
         *     - `closed`: The request is refused.
         * @enum {string}
         */
        FailurePolicy: "open" | "closed";
        /** @description A hook of the live deployment. */
        LiveHook: {
            /** @description The hook. */
            name: string;
            /**
             * Format: uint32
             * @description Number of the live version.
             */
            number: number;
            /** @description Digest of the live version: `sha256:…`. */
            digest: string;
            /** @description Whether it is run. */
            state: components["schemas"]["HookState"];
            /** @description The rollout of another version that goes on; `null` if there is none. */
            rollout: components["schemas"]["RunningRollout"] | null;
            /** @description Its circuit breaker, on the node that answers. */
            breaker: components["schemas"]["BreakerState"];
            /** @description Hook points that the bundle has a hook for. */
            hooks: string[];
            /** @description Events and queues that it handles. */
            events: string[];
            /** @description Cron patterns in UTC by name of the schedule. */
            schedules: {
                [key: string]: string;
            };
            /** @description Capabilities that the bundle declares: `cache`, `http:api.example.com`. */
            capabilities: string[];
            /** @description What one invocation can use: the lowest of the limits of bundle, deployment, project and server. */
            limits: components["schemas"]["EffectiveLimits"];
            /** @description Hook points and events of the bundle that this server does not know. */
            notRun: string[];
            /** @description Why the version cannot be run. Omitted if it can. */
            problem?: string;
        };
        /** @description A rollout that goes on, where a hook is shown. */
        RunningRollout: {
            /** @description Its id. */
            id: string;
            /** @description Whether replies of the version count. */
            kind: components["schemas"]["RolloutKind"];
            /**
             * Format: uint32
             * @description Number of the version that is tried.
             */
            version: number;
            /**
             * Format: double
             * @description Percentage of the calls that the version gets.
             */
            share: number;
            /**
             * Format: date-time
             * @description When it ends by itself.
             */
            until: string;
        };
        /**
         * @description Whether replies of the version count.
         *
         *     - `shadow`: They never do: it runs after the response, and without effects.
         *     - `canary`: They do, for a share of the calls.
         * @enum {string}
         */
        RolloutKind: "shadow" | "canary";
        /**
         * @description The state of a circuit breaker.
         *
         *     - `closed`: The hook is run.
         *     - `open`: The hook failed too often and is not run for a while.
         *     - `half-open`: One invocation finds out whether the hook works again.
         *     - `off`: The deployment has switched the circuit breaker off.
         * @enum {string}
         */
        BreakerState: "closed" | "open" | "half-open" | "off";
        /** @description What a deployment would change. */
        DeploymentPlan: {
            /**
             * Format: int32
             * @description Number of the deployment that is live now, 0 if there is none: what to send as `expect`.
             */
            expect: number;
            /** @description Hook by hook; hooks that are kept as they are and not listed are left out. */
            changes: components["schemas"]["PlannedChange"][];
            /** @description Capabilities that any of the hooks gets or loses. */
            capabilities: components["schemas"]["Difference"];
            /** @description What was looked at. */
            gates: components["schemas"]["Gate"][];
        };
        /** @description What a deployment would change of one hook. */
        PlannedChange: {
            /** @description The hook. */
            hook: string;
            /** @description What would become of it. */
            change: components["schemas"]["ChangeKind"];
            /** @description What is live; `null` if it is not live. */
            before: components["schemas"]["PlannedVersion"] | null;
            /** @description What would be live; `null` if it would be live no longer. */
            after: components["schemas"]["PlannedVersion"] | null;
            /** @description Capabilities that it gets or loses. */
            capabilities: components["schemas"]["Difference"];
            /** @description Hook points, events and queues that it gets or loses. */
            points: components["schemas"]["Difference"];
        };
        /**
         * @description What would become of a hook.
         *
         *     - `added`: It is not live, and would be.
         *     - `changed`: Another version, state or failure policy would be live.
         *     - `unchanged`: It is live as it is sent.
         *     - `removed`: It would be live no longer.
         * @enum {string}
         */
        ChangeKind: "added" | "changed" | "unchanged" | "removed";
        /** @description A version of a hook as it is live, or would be. */
        PlannedVersion: {
            /**
             * Format: int32
             * @description Number of the version.
             */
            number: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
            /** @description Whether it is run. */
            state: components["schemas"]["HookState"];
            /** @description What happens to the request when it fails; `null`: the default of the hook point. */
            failurePolicy: components["schemas"]["FailurePolicy"] | null;
        };
        /** @description Something that is looked at before a deployment. */
        Gate: {
            /** @description What was looked at. */
            name: components["schemas"]["GateName"];
            /** @description What was found. */
            state: components["schemas"]["GateState"];
            /** @description What exactly; `null` if there is nothing to say. */
            detail: string | null;
        };
        /**
         * @description What is looked at before a deployment.
         *
         *     - `build`: Whether every version loads, and gets the limits that it asks for. That it loads cannot be forced.
         *     - `base`: Whether no version began before what is live.
         *     - `types`: Whether types were checked.
         *     - `capabilities`: Which capabilities hooks get.
         *     - `secrets`: Whether the environment has the secrets that hooks name.
         *     - `cases`: Whether the test cases of the hooks pass whose version changes.
         *     - `backtest`: What backtests said of versions that are to take the place of others.
         *     - `rollouts`: Which rollouts end.
         * @enum {string}
         */
        GateName: "build" | "base" | "types" | "capabilities" | "secrets" | "cases" | "backtest" | "rollouts";
        /**
         * @description What was found.
         *
         *     - `passed`: Nothing is wrong.
         *     - `warning`: Something to look at; the deployment is made.
         *     - `failed`: The deployment is refused, unless it is forced.
         *     - `not_checked`: Nobody has looked.
         * @enum {string}
         */
        GateState: "passed" | "warning" | "failed" | "not_checked";
        /** @description A deployment with its hooks. */
        DeploymentDetail: {
            /** @description Its id. */
            id: string;
            /**
             * Format: int32
             * @description Counts from 1 per environment; the highest number is live.
             */
            number: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who made it: `admin:<id>`, `key:<project>/<environment>` or `server`. */
            createdBy: string;
            /** @description What whoever made it said of it; `null` if nothing. */
            message: string | null;
            /** @description Why it was made although a gate had failed; `null` if none had. */
            forcedReason: string | null;
            /** @description Whether all of its versions are still there. If not, it cannot be rolled back to as a whole. */
            complete: boolean;
            /** @description Its hooks, in the order in which they run. */
            hooks: components["schemas"]["DeployedHook"][];
        };
        /** @description A hook of a deployment. */
        DeployedHook: {
            /** @description The hook. */
            name: string;
            /**
             * Format: int32
             * @description Number of its version.
             */
            number: number;
            /** @description Digest of its version: `sha256:…`. */
            digest: string;
            /** @description Whether it is run. */
            state: components["schemas"]["HookState"];
            /** @description What happens to the request when it fails; `null`: the default of the hook point. */
            failurePolicy: components["schemas"]["FailurePolicy"] | null;
        };
        /** @description The applied migrations of an environment. */
        MigrationList: {
            /** @description In the order in which they were applied. */
            migrations: components["schemas"]["Migration"][];
        };
        /** @description An applied migration of the project's own database. */
        Migration: {
            /** @description Name of the file without ending. */
            name: string;
            /** @description SHA-256 of the SQL: `sha256:…`. */
            digest: string;
            /**
             * Format: date-time
             * @description When it was applied.
             */
            appliedAt: string;
        };
        /** @description The live deployment of an environment. */
        LiveHooks: {
            /**
             * Format: int32
             * @description Number of the live deployment; `null` if nothing has been deployed.
             */
            number: number | null;
            /** @description The enabled hooks of every hook point, in the order in which they run. */
            points: {
                [key: string]: components["schemas"]["PointHook"][];
            };
            /** @description The hooks one by one, in the order in which they run. */
            hooks: components["schemas"]["LiveHook"][];
        };
        /** @description What is live after a hook was enabled or disabled. */
        HookStateResult: {
            /** @description The deployment that was made. Omitted if the hook had that state already. */
            deployment?: components["schemas"]["Deployment"];
            /**
             * Format: int32
             * @description Number of the live deployment; `null` if nothing has been deployed.
             */
            number: number | null;
            /** @description The enabled hooks of every hook point, in the order in which they run. */
            points: {
                [key: string]: components["schemas"]["PointHook"][];
            };
            /** @description The hooks one by one, in the order in which they run. */
            hooks: components["schemas"]["LiveHook"][];
        };
        /** @description Every endpoint of the auth API. */
        EndpointList: {
            /** @description In the order of the API reference. */
            endpoints: components["schemas"]["EndpointWithHooks"][];
            /**
             * @description What the live versions of the enabled hooks do. A version that nobody has asked for yet is left out:
             *     `GET …/hooks/{hook}/versions/{number}/summary`.
             */
            summaries: components["schemas"]["VersionSummary"][];
        };
        /** @description An endpoint of the auth API with its hook points and events. */
        EndpointWithHooks: {
            /** @description HTTP method. */
            method: string;
            /** @description Path, with variable parts in braces. */
            path: string;
            /** @description What it does, in one line. */
            summary: string;
            /** @description Its effects, limits and units. */
            about: string;
            /** @description A body that works; `null` if it takes none. */
            example: {
                [key: string]: unknown;
            } | null;
            /** @description Its hook points, in the order in which they are reached. */
            hooks: components["schemas"]["EndpointPoint"][];
            /** @description Events that it can emit. */
            events: components["schemas"]["EndpointEvent"][];
            /** @description What the invocations at its hook points came to in the last 24 hours. */
            figures: components["schemas"]["DayFigures"];
            /** @description The same by hour, in order. */
            hours: components["schemas"]["HourFigures"][];
        };
        /** @description A hook point of an endpoint. */
        EndpointPoint: {
            /** @description The hook point. */
            point: string;
            /** @description Whether hooks run there. */
            status: components["schemas"]["PlaceStatus"];
            /** @description What their invocations came to in the last 24 hours. */
            figures: components["schemas"]["DayFigures"];
            /** @description The hooks that are deployed for it, in the order in which they run. */
            hooks: components["schemas"]["EndpointHook"][];
        };
        /**
         * @description Whether hooks run at a hook point or for an event.
         *
         *     - `enabled`: At least one hook is enabled, or one webhook that gets the event.
         *     - `disabled`: There are hooks or webhooks, and all are disabled.
         *     - `none`: There is no hook, and no webhook.
         * @enum {string}
         */
        PlaceStatus: "enabled" | "disabled" | "none";
        /** @description What the invocations of the last 24 hours came to. */
        DayFigures: {
            /**
             * Format: uint32
             * @description Invocations.
             */
            calls: number;
            /**
             * Format: uint32
             * @description Those that refused a request.
             */
            denials: number;
            /**
             * Format: uint32
             * @description Those that failed.
             */
            failures: number;
            /**
             * Format: int64
             * @description The time in microseconds that 95 of 100 stay below; `null` without an invocation.
             */
            p95Us: number | null;
            /** @description The newest; `null` without one. */
            last: components["schemas"]["LastInvocation"] | null;
        };
        /** @description The newest invocation. */
        LastInvocation: {
            /** @description Its id. */
            invocation: string;
            /** @description Its outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /**
             * Format: date-time
             * @description When it was recorded.
             */
            at: string;
        };
        /**
         * @description The result of an invocation.
         *
         *     - `allow`: The request continues unchanged; or the event or job was handled.
         *     - `deny`: The hook refused the request, or gave the job up.
         *     - `patch`: The hook changed its payload.
         *     - `hook_unavailable`: The hook could not be run.
         *     - `hook_failed`: The hook failed.
         *     - `hook_bad_reply`: The reply of the hook was not valid.
         *     - `hook_out_of_fuel`: The hook used up its fuel.
         *     - `hook_out_of_memory`: The hook used up its memory.
         *     - `hook_timeout`: The hook did not finish in time.
         * @enum {string}
         */
        InvocationOutcome: "allow" | "deny" | "patch" | "hook_unavailable" | "hook_failed" | "hook_bad_reply" | "hook_out_of_fuel" | "hook_out_of_memory" | "hook_timeout";
        /** @description A hook that is deployed for a hook point or an event. */
        EndpointHook: {
            /** @description The hook. */
            name: string;
            /**
             * Format: uint32
             * @description Number of the live version.
             */
            version: number;
            /** @description Whether it is run. */
            status: components["schemas"]["HookState"];
            /** @description The rollout of another version that goes on; `null` if there is none. */
            rollout: components["schemas"]["RunningRollout"] | null;
            /** @description What its invocations there came to in the last 24 hours. */
            figures: components["schemas"]["DayFigures"];
            /** @description What happens to the request when the hook fails. Omitted for events, which are handled after the request. */
            failurePolicy?: components["schemas"]["FailurePolicy"];
        };
        /** @description An event of an endpoint. */
        EndpointEvent: {
            /** @description Type of the event. */
            name: string;
            /** @description Whether script hooks handle it, or webhooks get it. */
            status: components["schemas"]["PlaceStatus"];
            /** @description What the invocations of script hooks came to in the last 24 hours. */
            figures: components["schemas"]["DayFigures"];
            /** @description The script hooks that are deployed for it. */
            hooks: components["schemas"]["EndpointHook"][];
            /** @description The webhooks that get it, if their conditions hold: by its type, a group such as `auth.mfa.*`, or `*`. */
            webhooks: components["schemas"]["EndpointWebhook"][];
        };
        /** @description A webhook that gets an event. */
        EndpointWebhook: {
            /** @description Identifies the webhook. */
            id: string;
            /** @description Where it is sent; `null` if the caller may not read the settings. */
            url: string | null;
            /** @description Whether it gets anything. */
            state: components["schemas"]["WebhookState"];
        };
        /**
         * @description Whether events are delivered to an endpoint.
         *
         *     - `enabled`: They are.
         *     - `disabled`: They are not.
         * @enum {string}
         */
        WebhookState: "enabled" | "disabled";
        /** @description The invocations of an hour. */
        HourFigures: {
            /**
             * Format: date-time
             * @description Where the hour begins.
             */
            at: string;
            /**
             * Format: uint32
             * @description Invocations.
             */
            calls: number;
            /**
             * Format: uint32
             * @description Those that refused a request.
             */
            denials: number;
            /**
             * Format: uint32
             * @description Those that failed.
             */
            failures: number;
        };
        /** @description Everything that hooks are called for. */
        HookPointList: {
            /** @description The hook points, in the order of the documentation. */
            points: components["schemas"]["HookPointDescription"][];
            /** @description The events, queues and schedules that script hooks handle. */
            events: components["schemas"]["HookEventDescription"][];
        };
        /** @description A hook point. */
        HookPointDescription: {
            /** @description Its name, as hooks export it. */
            name: string;
            /** @description Before or after the commit of its step. */
            phase: components["schemas"]["HookPhase"];
            /** @description When hooks run there. */
            when: string;
            /** @description The endpoint where that usually happens, such as `POST /auth/register`. */
            endpoint: string;
            /** @description JSON Schema (2020-12) of the payload. */
            payloadSchema: {
                [key: string]: unknown;
            };
            /** @description JSON Schema (2020-12) of what a hook can return. */
            replySchema: {
                [key: string]: unknown;
            };
            /** @description Paths of the members of the payload that a hook can change. */
            mayChange: string[];
            /** @description What happens to the request when a hook fails, unless the deployment says otherwise. */
            defaultFailurePolicy: components["schemas"]["FailurePolicy"];
            /** @description Payloads that fit the schema. */
            samples: components["schemas"]["InputSample"][];
        };
        /**
         * @description Whether a hook point lies before or after the commit.
         *
         *     - `before`: A hook can deny the request and change what is stored.
         *     - `after`: The change is stored; a hook cannot undo it.
         * @enum {string}
         */
        HookPhase: "before" | "after";
        /** @description Something that a hook can be called with. */
        InputSample: {
            /** @description What is special about it. */
            name: string;
            /** @description The payload or the event: any JSON value that fits the schema. */
            input: unknown;
        };
        /** @description An event that script hooks handle. Of a queue and of a schedule the last part of the name is an example. */
        HookEventDescription: {
            /** @description Its name, as handlers are exported. */
            name: string;
            /** @description When it happens. */
            when: string;
            /** @description JSON Schema (2020-12) of the event. */
            inputSchema: {
                [key: string]: unknown;
            };
            /** @description Events that fit the schema. */
            samples: components["schemas"]["InputSample"][];
        };
        /** @description The templates of hooks. */
        HookTemplateList: {
            /** @description In the order in which they are offered. */
            templates: components["schemas"]["HookTemplate"][];
        };
        /** @description What a new hook can begin as. */
        HookTemplate: {
            /** @description For `template` of `POST …/hooks`. */
            name: string;
            /** @description For a list. */
            title: string;
            /** @description One sentence. */
            description: string;
            /** @description The hook points, events, queues and schedules that it handles. */
            points: string[];
            /** @description Its files, with the template's name as the name of the hook. */
            files: components["schemas"]["SourceFile"][];
            /** @description What a build needs besides the files. */
            settings: components["schemas"]["BuildSettings"];
            /** @description The migrations of the project's own database that it needs. */
            migrations: components["schemas"]["TemplateMigration"][];
            /** @description Its test cases. */
            cases: components["schemas"]["HookTemplateCase"][];
        };
        /** @description A migration that a template needs. */
        TemplateMigration: {
            /** @description Name of the file without ending. */
            name: string;
            /** @description Its statements. */
            sql: string;
        };
        /** @description A test case of a template. */
        HookTemplateCase: {
            /** @description As a case of the hook is called. */
            name: string;
            /** @description The case, as `aerocall test` reads it. */
            document: {
                [key: string]: unknown;
            };
        };
        /** @description What an editor needs to know the types of a project's hooks. */
        SdkTypes: {
            /** @description Changes when a file or an option does. */
            etag: string;
            /** @description `compilerOptions` of a `tsconfig.json`, in words that TypeScript 5.9 and later know. */
            compilerOptions: {
                [key: string]: unknown;
            };
            /** @description Declarations, by path. `node_modules/@aerocall/hooks/project.d.ts` has the names that the project uses. */
            files: components["schemas"]["SourceFile"][];
        };
        /** @description What a version of a hook decides on an input. */
        HookRun: {
            /** @description The hook. */
            hook: string;
            /** @description The hook point or event. */
            point: string;
            /**
             * Format: uint32
             * @description Number of the version that was run; 0 for a draft.
             */
            version: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
            /** @description The outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /** @description What the hook decided, or why it failed. */
            reply: components["schemas"]["Reply"];
            /** @description Why it failed, with the place in the source; `null` unless it did. */
            error: components["schemas"]["HookError"] | null;
            /** @description Lines that the hook wrote to its log, in order. */
            logs: components["schemas"]["LogLine"][];
            /**
             * Format: uint32
             * @description Number of log lines beyond the limit.
             */
            logsDropped: number;
            /**
             * Format: uint64
             * @description Fuel used.
             */
            fuel: number;
            /**
             * Format: uint64
             * @description The most memory that the instance had, in bytes.
             */
            memoryPeakBytes: number;
            /**
             * Format: uint64
             * @description Wall-clock time in microseconds.
             */
            durationUs: number;
            /** @description Calls from the hook to the server, in order, with the given or simulated results. */
            hostCalls: components["schemas"]["HostCall"][];
            /** @description What the hook would have changed, in order. Nothing of it happened. */
            effects: components["schemas"]["TestEffect"][];
        };
        /** @description What a hook decided, or why it failed. */
        Reply: {
            /** @constant */
            kind: "allow";
        } | {
            /** @constant */
            kind: "deny";
            /** @description The error code that the hook chose. */
            code: string;
            /** @description The message that the hook chose. */
            message: string;
            /**
             * Format: uint16
             * @description The HTTP status that the hook chose, 400 to 499.
             */
            status: number;
        } | {
            /** @constant */
            kind: "patch";
            /** @description The changes, as a JSON Merge Patch (RFC 7396). */
            patch: {
                [key: string]: unknown;
            };
        } | {
            /** @constant */
            kind: "failure";
            /** @description The error code, as in `outcome`. */
            code: string;
            /** @description What happened. */
            message: string;
            /** @description The error in detail. */
            error: components["schemas"]["HookError"];
            /**
             * @description The patch that the hook returned and that cannot be applied; `message` names the field. Omitted unless that is why
             *     it failed.
             */
            patch?: {
                [key: string]: unknown;
            };
        };
        /** @description Why an invocation failed. */
        HookError: {
            /** @description Name of the error, such as `TypeError`. */
            name: string;
            /** @description Its message. */
            message: string;
            /** @description The stack, one frame per line. Omitted unless the hook threw the error. */
            stack?: string;
            /** @description `code` of the error object. Omitted if it has none. */
            code?: string;
            /** @description The file in which it was thrown, relative to the hook project. Omitted if unknown. */
            file?: string;
            /**
             * Format: uint32
             * @description The line in the file, from 1. Omitted if unknown.
             */
            line?: number;
            /**
             * Format: uint32
             * @description The column in the line, from 1. Omitted if unknown.
             */
            column?: number;
            /** @description The source around it, with a mark. Omitted if unknown. */
            frame?: string;
        };
        /** @description A line of a hook's log. */
        LogLine: {
            /** @description Its level. */
            level: components["schemas"]["LogLevel"];
            /** @description The text. */
            message: string;
        };
        /**
         * @description The level of a log line.
         *
         *     - `debug`: `console.debug`.
         *     - `info`: `console.log` and `console.info`.
         *     - `warn`: `console.warn`.
         *     - `error`: `console.error`.
         * @enum {string}
         */
        LogLevel: "debug" | "info" | "warn" | "error";
        /** @description A call from a hook to the server. */
        HostCall: {
            /** @description What was called, such as `cache.get`. */
            name: string;
            /** @description The arguments: any JSON value; its shape depends on the call. */
            arguments: unknown;
            /** @description The result or the error: any JSON value; its shape depends on the call. */
            answer: unknown;
            /**
             * Format: uint64
             * @description Wall-clock time in microseconds.
             */
            durationUs: number;
        };
        /** @description Something that a hook would have changed. */
        TestEffect: {
            /** @description What kind of thing. */
            kind: components["schemas"]["TestEffectKind"];
            /**
             * Format: uint32
             * @description The host call that caused it: its place in `hostCalls`, from 1.
             */
            call: number;
            /**
             * @description Whether it would have remained: effects of a hook that denies or fails are undone, except in the cache and at other
             *     hosts.
             */
            remains: boolean;
            /** @description The arguments of the call; of a mail and of a job that remain, the whole: any JSON value. */
            detail: unknown;
        };
        /**
         * @description What a hook can change.
         *
         *     - `cache`: A value in the cache.
         *     - `database`: Rows of the project's tables.
         *     - `job`: A job.
         *     - `mail`: A mail.
         *     - `user`: A user.
         *     - `sessions`: Sessions that end.
         *     - `request`: A request to another host, other than GET and HEAD.
         * @enum {string}
         */
        TestEffectKind: "cache" | "database" | "job" | "mail" | "user" | "sessions" | "request";
        /** @description A request of the auth API that was tried, from its first step to its effects. */
        TriedRequest: {
            /** @description Its id, which is its request id: `Aerocall` hooks see it as `context.requestId`. */
            id: string;
            /** @description How it was tried. */
            mode: components["schemas"]["TryMode"];
            /**
             * Format: int32
             * @description Number of the deployment whose hooks ran; 0 if there is none.
             */
            deployment: number;
            /** @description What was sent, with passwords, tokens and codes left out. */
            request: components["schemas"]["TriedMessage"];
            /** @description What a client would have been answered, or was. The tokens of a dry-run work nowhere; those of a live one are left out. */
            response: components["schemas"]["TriedResponse"];
            /** @description Every step in the order in which they began. */
            steps: components["schemas"]["TryStep"][];
            /** @description What changed where the request ran, in order. */
            effects: components["schemas"]["TryEffect"][];
            /**
             * Format: uint32
             * @description Number of effects beyond the limit of the list.
             */
            effectsDropped: number;
            /** @description What would be run or sent afterwards because of these effects. Nothing of it was in a dry-run. */
            wouldRun: components["schemas"]["TryFollowUp"][];
            /** @description Whether nothing has changed: true of every dry-run. */
            changedNothing: boolean;
        };
        /**
         * @description How a request is tried.
         *
         *     - `dry-run`: On copies: nothing is changed and nothing is sent.
         *     - `live`: In the environment itself, with a user that is marked as one of a test.
         * @enum {string}
         */
        TryMode: "dry-run" | "live";
        /** @description A request as it was tried. */
        TriedMessage: {
            /** @description HTTP method. */
            method: string;
            /** @description Path with its query. */
            path: string;
            /** @description Headers by name, in lower case. */
            headers: {
                [key: string]: string;
            };
            /** @description The body: any JSON value; `null` if there was none. */
            body: unknown;
        };
        /** @description What came of it. */
        TriedResponse: {
            /**
             * Format: uint16
             * @description HTTP status.
             */
            status: number;
            /** @description Headers by name, in lower case. */
            headers: {
                [key: string]: string;
            };
            /** @description The body: any JSON value; `null` if there was none. */
            body: unknown;
        };
        /** @description A step of a request. */
        TryStep: {
            /** @description What kind of step. */
            kind: components["schemas"]["TryStepKind"];
            /** @description The endpoint, the hook point, or `commit`. */
            name: string;
            /** @description The hook that ran. Omitted unless the step is one of a hook. */
            hook?: string;
            /**
             * Format: uint32
             * @description Number of its version; 0 for a draft. Omitted unless the step is one of a hook.
             */
            version?: number;
            /** @description `done` or `refused`; of a hook its outcome, such as `allow` or `hook_timeout`; of the response its status. */
            outcome: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /**
             * Format: uint64
             * @description Microseconds since the request began.
             */
            offsetUs: number;
            /**
             * Format: uint64
             * @description Wall-clock time in microseconds.
             */
            durationUs: number;
            /**
             * Format: uint64
             * @description Fuel used. Omitted unless a hook was called.
             */
            fuel?: number;
            /** @description What the hook decided, or why it failed. Omitted unless a hook was called. */
            reply?: components["schemas"]["Reply"];
            /** @description Lines that the hook wrote to its log, in order; empty for other steps. */
            logs: components["schemas"]["LogLine"][];
            /** @description Calls from the hook to the server, in order; empty for other steps. */
            hostCalls: components["schemas"]["HostCall"][];
        };
        /**
         * @description Kinds of steps.
         *
         *     - `request`: The request itself: all other steps are in it.
         *     - `point`: A hook point, with or without hooks.
         *     - `hook`: A hook at the point before it in the list.
         *     - `commit`: The transaction that makes what was decided real.
         * @enum {string}
         */
        TryStepKind: "request" | "point" | "hook" | "commit";
        /** @description Something that changed where the request ran. */
        TryEffect: {
            /** @description What kind of thing. */
            kind: components["schemas"]["TryEffectKind"];
            /** @description What happened to it. */
            operation: components["schemas"]["TryOperation"];
            /** @description The table of the server, or the SDK call of a hook, such as `cache.set`. */
            name: string;
            /** @description The hook that did it; `null` if the server did, or did it for a hook in its transaction. */
            hook: string | null;
            /** @description Whether it remained at the end: what a hook did that failed, or in a request that was refused, is undone. */
            remains: boolean;
            /** @description What was there: any JSON value; of a change, the columns that changed. `null` if nothing was. */
            before: unknown;
            /** @description What is there now: any JSON value; of an SDK call, its arguments. `null` if nothing is. */
            after: unknown;
        };
        /**
         * @description Kinds of effects.
         *
         *     - `user`: A user.
         *     - `session`: A session or a refresh token.
         *     - `token`: A one-time token or code.
         *     - `identity`: A linked identity.
         *     - `factor`: A second factor or a recovery code.
         *     - `mail`: A mail that would be sent.
         *     - `job`: A message for a queue.
         *     - `event`: An event.
         *     - `audit`: A line of the audit log.
         *     - `other`: A row of another table of the server.
         *     - `cache`: A value in the cache.
         *     - `database`: Rows of the project's own tables.
         *     - `request`: A request to another host.
         * @enum {string}
         */
        TryEffectKind: "user" | "session" | "token" | "identity" | "factor" | "mail" | "job" | "event" | "audit" | "other" | "cache" | "database" | "request";
        /**
         * @description What happened to something.
         *
         *     - `insert`: It is new.
         *     - `update`: It was changed.
         *     - `delete`: It is gone.
         *     - `call`: An SDK call that changes something.
         * @enum {string}
         */
        TryOperation: "insert" | "update" | "delete" | "call";
        /** @description Something that an effect leads to. */
        TryFollowUp: {
            /** @description Who. */
            kind: components["schemas"]["TryFollowUpKind"];
            /** @description The script hook, or the URL of the webhook endpoint. */
            name: string;
            /** @description The type of the event, or `queue.<name>`. */
            cause: string;
        };
        /**
         * @description What effects lead to.
         *
         *     - `script_hook`: A script hook runs.
         *     - `webhook`: A webhook endpoint gets a delivery.
         * @enum {string}
         */
        TryFollowUpKind: "script_hook" | "webhook";
        /** @description The test cases of a hook. */
        HookCaseList: {
            /** @description By name. */
            cases: components["schemas"]["HookCase"][];
        };
        /** @description A test case of a hook. */
        HookCase: {
            /** @description The hook. */
            hook: string;
            /** @description Its name. */
            name: string;
            /** @description The hook point or event. */
            point: string;
            /** @description The case, as `aerocall test` reads it from `tests/*.json`. */
            document: {
                [key: string]: unknown;
            };
            /** @description Who created it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description What came of the cases of a hook. */
        HookCaseRun: {
            /** @description The hook. */
            hook: string;
            /** @description The version that was run. */
            target: components["schemas"]["ReplayTarget"];
            /**
             * Format: uint32
             * @description Number of cases that passed.
             */
            passed: number;
            /**
             * Format: uint32
             * @description Number of cases that failed.
             */
            failed: number;
            /** @description One by one, by name. */
            cases: components["schemas"]["HookCaseResult"][];
        };
        /** @description The version that is run again. */
        ReplayTarget: {
            /**
             * Format: uint32
             * @description Its number; 0 for a draft.
             */
            version: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
        };
        /** @description What came of a case. */
        HookCaseResult: {
            /** @description Its name. */
            name: string;
            /** @description Whether everything was as expected. */
            ok: boolean;
            /** @description What was not. */
            problems: string[];
            /**
             * Format: uint64
             * @description Fuel used; `null` if the hook was not run.
             */
            fuel: number | null;
            /**
             * Format: uint64
             * @description Wall-clock time in microseconds; `null` if the hook was not run.
             */
            durationUs: number | null;
        };
        /** @description Event `proposal`: files or test cases that a model wrote. Nothing is made of them unless a person applies them. */
        Proposal: {
            /** @description Its id: `prp_…`. */
            id: string;
            /** @description The hook. */
            hook: string;
            /** @description The hook point that the request named; `null` if it named none. */
            point: string | null;
            /**
             * Format: int64
             * @description Revision of the draft that it began from; `null` if it began from files that nobody saved, so that it cannot be applied to
             *     a draft.
             */
            revision: number | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who asked for it: `admin:<id>` or `key:<project>/<environment>`. */
            createdBy: string;
            /** @description Name of the model. */
            model: string;
            /** @description The protocol of the model's server. */
            provider: components["schemas"]["AssistantProvider"];
            /** @description What the model says besides its files. */
            text: string;
            /** @description The files that differ, by path. */
            files: components["schemas"]["FileChange"][];
            /** @description The same as a unified diff. */
            diff: string;
            /** @description Whether it can be built and every test case passes. */
            verified: boolean;
            /** @description Why it is not verified; empty if it is. */
            problems: string[];
            /** @description What came of each round. */
            rounds: components["schemas"]["ProposalRound"][];
            /** @description What it may do that the draft may not, and the other way round. */
            capabilities: components["schemas"]["CapabilityChange"];
            /** @description Test cases that are proposed. */
            cases: components["schemas"]["ProposedCase"][];
            /** @description Characters that nobody sees, which were removed of what was sent and of what was answered. */
            hidden: components["schemas"]["HiddenCharacters"][];
            /**
             * Format: date-time
             * @description When it was applied; `null` until then.
             */
            appliedAt: string | null;
            /**
             * Format: int64
             * @description Revision of the draft that was made of it; `null` until then.
             */
            appliedRevision: number | null;
        };
        /**
         * @description The protocol of the server of a model.
         *
         *     - `openai`: Chat completions: OpenAI, llama.cpp, Ollama, vLLM and others.
         *     - `anthropic`: Anthropic's messages.
         * @enum {string}
         */
        AssistantProvider: "openai" | "anthropic";
        /** @description Event `verified`, and a member of a proposal: what came of the answer of a round. */
        ProposalRound: {
            /**
             * Format: uint32
             * @description From 1.
             */
            number: number;
            /** @description Whether the files can be built. */
            compiles: boolean;
            /** @description Whether types were checked. */
            types: components["schemas"]["TypeCheck"];
            /** @description What the build found. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What came of the hook's test cases, and of those that are proposed. */
            cases: components["schemas"]["CaseResults"];
            /** @description Everything for which the round is not good enough; empty if it is. */
            problems: string[];
        };
        /** @description What came of test cases. */
        CaseResults: {
            /**
             * Format: uint32
             * @description How many there are.
             */
            total: number;
            /**
             * Format: uint32
             * @description How many passed.
             */
            passed: number;
            /** @description Those that did not. */
            failed: components["schemas"]["FailedCase"][];
        };
        /** @description A test case that did not pass. */
        FailedCase: {
            /** @description Its name. */
            name: string;
            /** @description What was not as expected. */
            message: string;
        };
        /** @description What a proposal may do that the draft may not, and the other way round. */
        CapabilityChange: {
            /** @description New ones: capabilities with their hosts, secrets and queues. To apply the proposal, each is named in `acceptCapabilities`. */
            added: string[];
            /** @description Those that it no longer has. */
            removed: string[];
            /** @description What is new, said in words, one for each that was added. */
            words: string[];
        };
        /** @description A test case that a model proposes. It was run before it is offered. */
        ProposedCase: {
            /** @description Its name. */
            name: string;
            /** @description The case, as `aerocall test` reads it. */
            case: {
                [key: string]: unknown;
            };
            /** @description Whether the hook does what it expects. */
            passed: boolean;
            /** @description What was not as expected; `null` if it passed. */
            message: string | null;
        };
        /** @description Characters that nobody sees, which were removed of a part. */
        HiddenCharacters: {
            /** @description The part, as in `parts`; `answer` and the round for what the model wrote. */
            part: string;
            /** @description The characters, each once, by code point: `U+200B`. */
            characters: string[];
            /**
             * Format: uint64
             * @description How many there were.
             */
            count: number;
        };
        /** @description The assistant of a project: which model answers, within which limits, and what was used today. */
        AssistantSettings: {
            /** @description Whether there is an assistant. */
            state: components["schemas"]["AssistantState"];
            /** @description Whose settings these are; `null` if nobody has made any. */
            origin: components["schemas"]["AssistantOrigin"] | null;
            /** @description The protocol of the model's server; `null` if the assistant is off. */
            provider: components["schemas"]["AssistantProvider"] | null;
            /** @description Where the model's server is; `null` if the assistant is off. */
            baseUrl: string | null;
            /** @description Name of the model; `null` if the assistant is off. */
            model: string | null;
            /** @description Whether a key is sent to the model's server. The key itself is never answered. */
            hasKey: boolean;
            /** @description Who writes summaries of hooks. */
            summaries: components["schemas"]["SummarySource"];
            /** @description Limits of one request and of a day. */
            limits: components["schemas"]["AssistantLimits"];
            /** @description What tokens cost. */
            prices: components["schemas"]["AssistantPrices"];
            /** @description What was used today. */
            usage: components["schemas"]["AssistantDayUsage"];
        };
        /**
         * @description Whether there is an assistant.
         *
         *     - `on`: A model answers.
         *     - `off`: Nobody turned it on, or the project turned it off.
         * @enum {string}
         */
        AssistantState: "on" | "off";
        /**
         * @description Whose settings of the assistant apply.
         *
         *     - `installation`: Those of the server: section `[assistant]` of its configuration.
         *     - `project`: Those of the project.
         * @enum {string}
         */
        AssistantOrigin: "installation" | "project";
        /** @description Limits of the assistant. */
        AssistantLimits: {
            /**
             * Format: uint32
             * @description The longest that one request to the model may take, in seconds.
             */
            requestSeconds: number;
            /**
             * Format: uint32
             * @description The most tokens of one answer of the model.
             */
            outputTokens: number;
            /**
             * Format: uint32
             * @description How often the model is asked at most until a proposal is verified.
             */
            rounds: number;
            /**
             * Format: uint64
             * @description The most tokens of a day (UTC), sent and answered together.
             */
            tokensPerDay: number;
        };
        /** @description What tokens cost; `null` where nobody has said it. */
        AssistantPrices: {
            /**
             * Format: double
             * @description Price of a million tokens that are sent.
             */
            inputPerMillion: number | null;
            /**
             * Format: double
             * @description Price of a million tokens that are answered.
             */
            outputPerMillion: number | null;
            /** @description The currency of the prices, such as `USD`. */
            currency: string;
        };
        /** @description What a project has used of the assistant on a day. */
        AssistantDayUsage: {
            /** @description The day in UTC: `2026-11-30`. */
            day: string;
            /**
             * Format: uint64
             * @description Number of requests to the model.
             */
            requests: number;
            /**
             * Format: uint64
             * @description Tokens that were sent.
             */
            inputTokens: number;
            /**
             * Format: uint64
             * @description Tokens that were answered.
             */
            outputTokens: number;
            /**
             * Format: double
             * @description What they cost; `null` if a price is missing.
             */
            cost: number | null;
            /**
             * Format: uint64
             * @description How many tokens are left today, of the project or of the installation, whichever is less.
             */
            tokensLeft: number;
        };
        /** @description A short request that the model has answered. */
        AssistantTest: {
            /** @description The model that answered. */
            model: string;
            /**
             * Format: uint64
             * @description How long it took, in milliseconds.
             */
            milliseconds: number;
            /**
             * Format: uint64
             * @description Tokens that were sent.
             */
            inputTokens: number;
            /**
             * Format: uint64
             * @description Tokens that were answered.
             */
            outputTokens: number;
        };
        /** @description The rollouts of an environment. */
        RolloutList: {
            /** @description Newest first: those that go on, and the last that have ended. */
            rollouts: components["schemas"]["Rollout"][];
        };
        /** @description A rollout of a version of a hook, with the figures of both sides. */
        Rollout: {
            /** @description Its id. */
            id: string;
            /** @description The hook. */
            hook: string;
            /** @description Whether replies of the version count. */
            kind: components["schemas"]["RolloutKind"];
            /**
             * Format: int32
             * @description Number of the version that is tried.
             */
            version: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
            /**
             * Format: int32
             * @description Number of the version that was live when the rollout began.
             */
            liveVersion: number;
            /**
             * Format: double
             * @description Percentage of the calls that the version gets.
             */
            share: number;
            /** @description Which calls get the same version. */
            stickyBy: components["schemas"]["RolloutKey"];
            /**
             * Format: date-time
             * @description When it ends by itself.
             */
            until: string;
            /** @description When it stops by itself before. */
            stopIf: components["schemas"]["RolloutStop"];
            /** @description Whether it goes on. */
            state: components["schemas"]["RolloutState"];
            /** @description Why it does not go on; `null` while it does. */
            reason: string | null;
            /** @description What the figures say. */
            verdict: components["schemas"]["RolloutVerdict"];
            /** @description What came of the calls since it began. */
            comparison: components["schemas"]["RolloutComparison"];
            /** @description Who started it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was started.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When share, end or rules were last changed.
             */
            updatedAt: string;
            /** @description Who ended it: `server` if it stopped or ended by itself; `null` while it goes on. */
            endedBy: string | null;
            /**
             * Format: date-time
             * @description When it ended; `null` while it goes on.
             */
            endedAt: string | null;
        };
        /**
         * @description Which calls get the same version.
         *
         *     - `user`: Those about the same user.
         *     - `ip`: Those from the same IP address (IPv6: the same /64).
         * @enum {string}
         */
        RolloutKey: "user" | "ip";
        /** @description When a rollout stops by itself. */
        RolloutStop: {
            /**
             * Format: double
             * @description If more than this percentage of its calls failed; `null`: never for failures.
             */
            failures: number | null;
            /**
             * Format: double
             * @description If its calls were denied more than this many times as often as those of the live version, and at least five were;
             *     `null`: never for denials.
             */
            denials: number | null;
            /**
             * Format: uint32
             * @description Nothing is decided before it has had this number of calls.
             */
            minCalls: number;
        };
        /**
         * @description Whether a rollout goes on.
         *
         *     - `running`: It goes on.
         *     - `stopped`: Somebody stopped it, or one of its rules did.
         *     - `ended`: Its time is over.
         *     - `promoted`: Its version is live.
         *     - `replaced`: A deployment made another version of the hook live, or none.
         * @enum {string}
         */
        RolloutState: "running" | "stopped" | "ended" | "promoted" | "replaced";
        /**
         * @description What the figures of a rollout say.
         *
         *     - `too_early`: The version has had too few calls to say anything.
         *     - `holding`: Nothing stops it.
         *     - `stopped`: It was stopped.
         * @enum {string}
         */
        RolloutVerdict: "too_early" | "holding" | "stopped";
        /** @description What came of the calls of both sides. */
        RolloutComparison: {
            /** @description The live version. With a shadow: of the calls that the shadow was run on as well. */
            live: components["schemas"]["RolloutSide"];
            /** @description The version that is tried. */
            candidate: components["schemas"]["RolloutSide"];
            /** @description Decisions side by side; `null` for a canary, whose calls have one decision each. */
            shadow: components["schemas"]["ShadowFigures"] | null;
        };
        /** @description What came of the calls of one version. */
        RolloutSide: {
            /**
             * Format: int32
             * @description Number of the version.
             */
            version: number;
            /**
             * Format: uint64
             * @description Number of calls.
             */
            calls: number;
            /**
             * Format: uint64
             * @description Of those, how many failed.
             */
            failures: number;
            /**
             * Format: double
             * @description The same in percent; `null` without calls.
             */
            failuresPercent: number | null;
            /**
             * Format: uint64
             * @description Of the calls, how many were denied.
             */
            denials: number;
            /**
             * Format: double
             * @description The same in percent; `null` without calls.
             */
            denialsPercent: number | null;
            /** @description Time in microseconds, within 4 %. */
            timeUs: components["schemas"]["Percentiles"];
            /** @description Fuel, within 4 %. */
            fuel: components["schemas"]["Percentiles"];
        };
        /** @description How a quantity is distributed. */
        Percentiles: {
            /**
             * Format: uint64
             * @description Median; `null` without calls.
             */
            p50: number | null;
            /**
             * Format: uint64
             * @description 95th percentile; `null` without calls.
             */
            p95: number | null;
        };
        /** @description What a shadow would have decided on the calls that the live version decided. */
        ShadowFigures: {
            /**
             * Format: uint64
             * @description The same decision, with the same patch if it is one.
             * @default 0
             */
            same: number;
            /**
             * Format: uint64
             * @description Let in by the live version, denied by the shadow.
             * @default 0
             */
            nowDenied: number;
            /**
             * Format: uint64
             * @description Denied by the live version, let in by the shadow.
             * @default 0
             */
            nowAllowed: number;
            /**
             * Format: uint64
             * @description Decided by the live version, while the shadow failed.
             * @default 0
             */
            newFailures: number;
            /**
             * Format: uint64
             * @description Both let it in, with different patches.
             * @default 0
             */
            changedPatches: number;
            /**
             * Format: uint64
             * @description Any other change.
             * @default 0
             */
            other: number;
            /**
             * @description Numbers of calls by the decision of the live version (`allow`, `patch`, `deny`, `failure`) and of the shadow.
             * @default {}
             */
            matrix: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /**
             * Format: uint64
             * @description Of the calls, how many had at least one effect that was only simulated: what came after it is a guess.
             * @default 0
             */
            simulated: number;
            /**
             * Format: uint64
             * @description Number of calls that the shadow was not run on, because it could not keep up.
             * @default 0
             */
            dropped: number;
        };
        /** @description The secrets of an environment, by name. */
        SecretList: {
            /** @description By name. */
            secrets: components["schemas"]["Secret"][];
        };
        /** @description A secret without its value. */
        Secret: {
            /** @description Unique in the environment. */
            name: string;
            /** @description Hosts that requests of hooks may send the value to. */
            hosts: string[];
            /**
             * Format: date-time
             * @description When it was first set.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its value or hosts were last replaced.
             */
            updatedAt: string;
            /** @description Who replaced them, as the audit log names them; `null` if it is not known. */
            updatedBy: string | null;
            /** @description Live hooks whose manifests name it; a hook that has the right to all secrets is not among them. */
            usedBy: components["schemas"]["SecretUse"][];
        };
        /** @description A live hook that uses a secret. */
        SecretUse: {
            /** @description Its name. */
            hook: string;
            /**
             * Format: uint32
             * @description Number of its version.
             */
            version: number;
        };
        /** @description The tables and views of the database. */
        DatabaseTableList: {
            /** @description By name, at most 1,000. */
            tables: components["schemas"]["DatabaseTable"][];
        };
        /** @description A table or a view. */
        DatabaseTable: {
            /** @description Its name. */
            name: string;
            /** @description What it is. */
            kind: components["schemas"]["DatabaseTableKind"];
            /**
             * Format: uint64
             * @description About how many rows it has; `null` for a view.
             */
            rows: number | null;
            /**
             * Format: uint64
             * @description About how many bytes it takes with its indexes; `null` for a view, or if it takes long to measure.
             */
            bytes: number | null;
        };
        /**
         * @description A table or a view.
         *
         *     - `table`: Has rows of its own.
         *     - `view`: Shows rows of tables.
         * @enum {string}
         */
        DatabaseTableKind: "table" | "view";
        /** @description A table with its columns, indexes and foreign keys. */
        DatabaseTableDetail: {
            /** @description The table. */
            table: components["schemas"]["DatabaseTable"];
            /** @description In their order. */
            columns: components["schemas"]["DatabaseColumn"][];
            /** @description By name, that of the primary key included where the database has one. */
            indexes: components["schemas"]["DatabaseIndex"][];
            /** @description Its foreign keys. */
            references: components["schemas"]["DatabaseReference"][];
        };
        /** @description A column. */
        DatabaseColumn: {
            /** @description Its name. */
            name: string;
            /** @description Its type as the database says it; may be empty in SQLite. */
            type: string;
            /** @description Whether it can be `NULL`. */
            nullable: boolean;
            /** @description The expression for what is left out; `null` if there is none. */
            default: string | null;
            /**
             * Format: uint32
             * @description Its place in the primary key, from 1; `null` if it is no part of it.
             */
            key: number | null;
        };
        /** @description An index. */
        DatabaseIndex: {
            /** @description Its name. */
            name: string;
            /** @description Whether no two rows have the same values. */
            unique: boolean;
            /** @description The columns in their order; `null` for an expression. */
            columns: (string | null)[];
        };
        /** @description A foreign key. */
        DatabaseReference: {
            /** @description The columns that refer to another row. */
            columns: string[];
            /** @description The table of that row. */
            table: string;
            /** @description The columns there; empty if the key does not name them, which means the primary key. */
            target: string[];
            /** @description What becomes of the row when the other one is deleted: `no action`, `restrict`, `cascade`, `set null` or `set default`. */
            onDelete: string;
        };
        /** @description A page of the rows of a table. */
        DatabaseRows: {
            /** @description Names of the columns. */
            columns: string[];
            /**
             * @description A value for each column: `null`, a boolean, a number or a text; or an object with one member, `integer` (beyond 2^53, as
             *     text), `real` (no number in JSON, as text), `blob` (base64) or `json` (a JSON document).
             */
            rows: unknown[][];
            /** @description Send it as `after` to get the next page; `null` on the last page. */
            next: string | null;
            /**
             * Format: uint64
             * @description How long the statement took, in milliseconds.
             */
            durationMs: number;
        };
        /** @description What a statement answers. */
        DatabaseQueryResult: {
            /** @description Names of the columns; on PostgreSQL empty if there are no rows. */
            columns: string[];
            /**
             * @description A value for each column: `null`, a boolean, a number or a text; or an object with one member, `integer` (beyond 2^53, as
             *     text), `real` (no number in JSON, as text), `blob` (base64) or `json` (a JSON document).
             */
            rows: unknown[][];
            /** @description Whether there are more rows than these. */
            truncated: boolean;
            /**
             * Format: uint64
             * @description How long the statement took, in milliseconds.
             */
            durationMs: number;
        };
        /** @description A page of jobs. */
        JobList: {
            /** @description Newest first. */
            jobs: components["schemas"]["JobSummary"][];
            /** @description What to send as `before` for the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A job without its message. */
        JobSummary: {
            /** @description Its id. */
            id: string;
            /** @description The queue; of an event or a schedule, its type and the hook: `auth.signup/welcome`. */
            queue: string;
            /** @description Where it stands. */
            state: components["schemas"]["JobState"];
            /**
             * Format: int32
             * @description Attempts so far, including one that is running.
             */
            attempts: number;
            /**
             * Format: int32
             * @description How many jobs led to this one, each adding the next.
             */
            hops: number;
            /** @description A second job with the same key is not added to the queue. */
            idempotencyKey: string | null;
            /** @description Jobs of the queue with the same key run one after the other. */
            orderKey: string | null;
            /** @description How urgent it is. */
            priority: components["schemas"]["JobPriority"];
            /**
             * Format: date-time
             * @description When the next attempt is due.
             */
            runAt: string;
            /**
             * Format: date-time
             * @description When it was added.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was done or became dead.
             */
            finishedAt: string | null;
            /** @description Why the last attempt failed. */
            error: string | null;
        };
        /**
         * @description Where a job stands.
         *
         *     - `waiting`: It waits for its time or for a worker.
         *     - `running`: A worker runs it.
         *     - `done`: Its handler succeeded.
         *     - `dead`: All its attempts failed, or its handler gave it up.
         * @enum {string}
         */
        JobState: "waiting" | "running" | "done" | "dead";
        /** @description A job with its message. */
        Job: {
            /** @description Its id. */
            id: string;
            /** @description The queue; of an event or a schedule, its type and the hook: `auth.signup/welcome`. */
            queue: string;
            /** @description Where it stands. */
            state: components["schemas"]["JobState"];
            /**
             * Format: int32
             * @description Attempts so far, including one that is running.
             */
            attempts: number;
            /**
             * Format: int32
             * @description How many jobs led to this one, each adding the next.
             */
            hops: number;
            /** @description A second job with the same key is not added to the queue. */
            idempotencyKey: string | null;
            /** @description Jobs of the queue with the same key run one after the other. */
            orderKey: string | null;
            /** @description How urgent it is. */
            priority: components["schemas"]["JobPriority"];
            /**
             * Format: date-time
             * @description When the next attempt is due.
             */
            runAt: string;
            /**
             * Format: date-time
             * @description When it was added.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was done or became dead.
             */
            finishedAt: string | null;
            /** @description Why the last attempt failed. */
            error: string | null;
            /** @description What the handler gets: any JSON value that a hook added to the queue, or an event. */
            message: unknown;
        };
        /** @description The queues of an environment. */
        QueueList: {
            /** @description By name; a queue without stored jobs is not listed. */
            queues: components["schemas"]["QueueCounts"][];
        };
        /** @description The number of jobs of a queue, by state, and who gets them. */
        QueueCounts: {
            /** @description The queue; of an event or a schedule, its type and the hook: `auth.signup/welcome`. */
            name: string;
            /**
             * Format: int64
             * @description Waiting jobs.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Running jobs.
             */
            running: number;
            /**
             * Format: int64
             * @description Done jobs that are still stored.
             */
            done: number;
            /**
             * Format: int64
             * @description Dead jobs that are still stored.
             */
            dead: number;
            /**
             * Format: date-time
             * @description When the job that has waited longest was added; `null` if none waits.
             */
            oldestWaitingAt: string | null;
            /** @description The live hook that gets its jobs; `null` if there is none. */
            consumer: components["schemas"]["QueueConsumer"] | null;
        };
        /** @description The live hook that gets the jobs of a queue. */
        QueueConsumer: {
            /** @description Its name. */
            hook: string;
            /**
             * Format: uint32
             * @description Number of its version.
             */
            version: number;
            /** @description Whether it runs; while it is disabled, the jobs fail and are tried again. */
            state: components["schemas"]["HookState"];
        };
        /** @description Dead jobs were put back into their queue. */
        RequeuedJobs: {
            /**
             * Format: uint64
             * @description How many.
             */
            requeued: number;
            /** @description Whether there may be more; send the same request again. */
            hasMore: boolean;
        };
        /** @description The schedules of an environment. */
        ScheduleList: {
            /** @description In the order of the live hooks. */
            schedules: components["schemas"]["Schedule"][];
        };
        /** @description A schedule of a live hook. */
        Schedule: {
            /** @description The hook that has it. */
            hook: string;
            /** @description Its name; the handler is called for `cron.` and this name. */
            name: string;
            /** @description Cron pattern in UTC: minute, hour, day of the month, month, day of the week. */
            pattern: string;
            /** @description Whether the hook runs; a schedule of a disabled hook is never due. */
            state: components["schemas"]["HookState"];
            /** @description The next times, soonest first; empty while the hook is disabled. */
            nextAt: string[];
            /** @description The queue of its jobs. */
            queue: string;
            /** @description The last time that it was due or was run by an admin; `null` if no job of it is stored. */
            lastRun: components["schemas"]["ScheduleRun"] | null;
        };
        /** @description A run of a schedule. */
        ScheduleRun: {
            /** @description Id of the job. */
            job: string;
            /**
             * Format: date-time
             * @description When it was added.
             */
            at: string;
            /** @description Where it stands. */
            state: components["schemas"]["JobState"];
            /** @description Why the last attempt failed; `null` if it did not. */
            error: string | null;
            /** @description The last recorded invocation for it; `null` if none is stored. */
            invocation: string | null;
        };
        /** @description The background work of an environment that fails. */
        BackgroundFailures: {
            /** @description Queues with dead jobs, by name. */
            queues: components["schemas"]["QueueCounts"][];
            /** @description Webhook endpoints whose last deliveries failed, or that were disabled because of it. */
            webhooks: components["schemas"]["WebhookEndpoint"][];
        };
        /** @description A URL that receives the events it subscribes to, without its secrets. */
        WebhookEndpoint: {
            /** @description Identifies the endpoint. */
            id: string;
            /** @description URL that events are sent to by POST. */
            url: string;
            /** @description Description for admins; may be empty. */
            description: string;
            /** @description Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all. */
            events: string[];
            /** @description Conditions on the event, all of which must hold. */
            filter: components["schemas"]["WebhookCondition"][];
            /** @description Whether events are delivered to it. */
            state: components["schemas"]["WebhookState"];
            /** @description Who disabled it; `null` while it is enabled. */
            disabledBy: components["schemas"]["WebhookDisabledBy"] | null;
            /** @description Whether events wait for one another. */
            order: components["schemas"]["WebhookOrder"];
            /** @description Whether one-time codes are sent to it. */
            codes: components["schemas"]["WebhookCodes"];
            /** @description Address that gets a mail when the endpoint is disabled automatically. */
            ownerEmail: string | null;
            /**
             * Format: date-time
             * @description Since when every delivery has failed; `null` if the last one succeeded.
             */
            failingSince: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description One condition on an event. */
        WebhookCondition: {
            /** @description Where in the event: a JSON Pointer (RFC 6901). */
            path: string;
        } & ({
            equals: unknown;
        } | {
            in: unknown[];
        } | {
            startsWith: string;
        } | {
            endsWith: string;
        } | {
            exists: boolean;
        });
        /**
         * @description Who disabled an endpoint.
         *
         *     - `admin`: An admin.
         *     - `gone`: The server, because the endpoint answered 410.
         *     - `failing`: The server, because every delivery failed for days.
         * @enum {string}
         */
        WebhookDisabledBy: "admin" | "gone" | "failing";
        /**
         * @description Whether events wait for one another.
         *
         *     - `none`: In any order.
         *     - `subject`: Events about one user in order, each sent only after the previous one was delivered or finally failed.
         * @enum {string}
         */
        WebhookOrder: "none" | "subject";
        /**
         * @description Whether one-time codes for text messages are sent to an endpoint for delivery.
         *
         *     - `withheld`: They are not.
         *     - `included`: They are, unless a script hook delivers them.
         * @enum {string}
         */
        WebhookCodes: "withheld" | "included";
        /** @description A page of invocations. */
        InvocationList: {
            /** @description Newest first; oldest first if `after` was sent. */
            invocations: components["schemas"]["Invocation"][];
            /** @description What to send as `before` for the next page; `null` on the last one, and if `after` was sent. */
            next: string | null;
        };
        /** @description An invocation in a list. */
        Invocation: {
            /** @description Its id. */
            id: string;
            /** @description The request, job or event that caused it. */
            requestId: string;
            /** @description The hook. */
            hook: string;
            /** @description The hook point, event, queue or schedule. */
            point: string;
            /**
             * Format: int32
             * @description Number of the hook's version.
             */
            version: number;
            /** @description Digest of the hook's version: `sha256:…`. */
            digest: string;
            /** @description Whether the reply counted. */
            mode: components["schemas"]["InvocationMode"];
            /** @description Id of the user that it was about; `null` if it was about none, as before a sign-up. */
            user: string | null;
            /** @description Its outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /**
             * Format: int64
             * @description Wall-clock time in microseconds.
             */
            durationUs: number;
            /**
             * Format: int64
             * @description Fuel used.
             */
            fuel: number;
            /**
             * Format: int64
             * @description The most memory that the instance had, in bytes.
             */
            memoryPeakBytes: number;
            /**
             * Format: date-time
             * @description When it was recorded.
             */
            createdAt: string;
            /** @description Lines that the hook wrote to its log, in order. */
            logs: components["schemas"]["LogLine"][];
            /**
             * Format: uint32
             * @description Number of log lines beyond the limit.
             */
            logsDropped: number;
            /** @description What the client is told; `null` unless the hook refused the request. */
            denial: components["schemas"]["Denial"] | null;
            /** @description Why it failed. Omitted unless it did. */
            error?: components["schemas"]["HookError"];
        };
        /**
         * @description Whether the reply of an invocation counted.
         *
         *     - `live`: Of the live version: it counted.
         *     - `canary`: Of a canary: it counted, unless it was a failure; then the live version was run for the same call.
         *     - `shadow`: Of a shadow: it did not count, and nothing that it did had an effect.
         * @enum {string}
         */
        InvocationMode: "live" | "canary" | "shadow";
        /** @description What a hook refuses a request with. */
        Denial: {
            /** @description The error code that the hook chose. */
            code: string;
            /** @description The message that the hook chose. */
            message: string;
            /**
             * Format: uint16
             * @description The HTTP status that the hook chose, 400 to 499.
             */
            status: number;
        };
        /** @description Invocations by their outcome over time. */
        InvocationHistogram: {
            /**
             * Format: date-time
             * @description Where the first bucket begins.
             */
            from: string;
            /**
             * Format: date-time
             * @description Where the last bucket ends.
             */
            to: string;
            /**
             * Format: uint32
             * @description Length of a bucket in seconds.
             */
            stepSeconds: number;
            /** @description Whether all records of this time were counted: `false` if there are more than 50,000, of which the newest were. */
            isComplete: boolean;
            /** @description In order, those without an invocation included. */
            buckets: components["schemas"]["InvocationBucket"][];
        };
        /** @description The invocations of a part of the time. */
        InvocationBucket: {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
            /**
             * Format: uint32
             * @description The request continued unchanged; or the event or job was handled.
             */
            allow: number;
            /**
             * Format: uint32
             * @description The hook changed its payload.
             */
            patch: number;
            /**
             * Format: uint32
             * @description The hook refused the request, or gave the job up.
             */
            deny: number;
            /**
             * Format: uint32
             * @description The hook failed.
             */
            failure: number;
        };
        /** @description A figure over time, for each hook, hook point, outcome or version. */
        FigureSeries: {
            /** @description What is counted or measured. */
            metric: components["schemas"]["FigureMetric"];
            /** @description What there is a series for. */
            by: components["schemas"]["FigureKey"];
            /**
             * Format: date-time
             * @description Where the first value begins.
             */
            from: string;
            /**
             * Format: date-time
             * @description Where the last value ends.
             */
            to: string;
            /**
             * Format: uint32
             * @description The time that a value is about, in seconds.
             */
            stepSeconds: number;
            /** @description Whether all records of this time were read: `false` if there are more than 50,000, of which the newest were. */
            isComplete: boolean;
            /** @description Those with most invocations first; at most 20, and one for the rest. */
            series: components["schemas"]["Figures"][];
        };
        /**
         * @description What is counted or measured.
         *
         *     - `calls`: Invocations.
         *     - `denials`: Invocations that refused a request.
         *     - `failures`: Invocations that failed.
         *     - `p50`: The time that half of the invocations stay below.
         *     - `p95`: The time that 95 of 100 invocations stay below.
         * @enum {string}
         */
        FigureMetric: "calls" | "denials" | "failures" | "p50" | "p95";
        /**
         * @description What there is a series for.
         *
         *     - `all`: Everything together.
         *     - `hook`: Each hook.
         *     - `point`: Each hook point, event, queue and schedule.
         *     - `outcome`: Each outcome.
         *     - `version`: Each version of each hook: `signup@3`.
         * @enum {string}
         */
        FigureKey: "all" | "hook" | "point" | "outcome" | "version";
        /** @description The values of one series. */
        Figures: {
            /** @description Its hook, hook point, outcome or version; `null`: of all the rest, and of everything if there is one series. */
            key: string | null;
            /**
             * Format: uint32
             * @description Invocations of the whole time.
             */
            calls: number;
            /** @description One for each step, in order: a number, or microseconds for `p50` and `p95`; `null` where nothing was measured. */
            values: (number | null)[];
        };
        /** @description Everything that is recorded of one request of the auth API, or of one job. */
        RequestTrace: {
            /** @description Its id. */
            id: string;
            /** @description Method and path, as in the API reference; `null` without an invocation, and for jobs. */
            endpoint: string | null;
            /**
             * Format: date-time
             * @description When the first of what follows was recorded.
             */
            at: string;
            /** @description Hooks that it ran, in order, with their host calls. */
            invocations: components["schemas"]["InvocationDetail"][];
            /** @description Events of its transactions, oldest first. */
            events: components["schemas"]["Event"][];
            /** @description Jobs of its transactions and of its events, oldest first. */
            jobs: components["schemas"]["JobSummary"][];
            /** @description Mails of its transactions, oldest first. */
            mails: components["schemas"]["Mail"][];
            /** @description Deliveries of its events to webhooks, oldest first. */
            deliveries: components["schemas"]["Delivery"][];
            /** @description Invocations of the script hooks that handled its jobs, oldest first. */
            later: components["schemas"]["Invocation"][];
            /** @description Whether this is all: of each list at most 100 are shown. */
            isComplete: boolean;
        };
        /** @description An invocation with everything that went in and out. */
        InvocationDetail: {
            /** @description Its id. */
            id: string;
            /** @description The request, job or event that caused it. */
            requestId: string;
            /** @description The hook. */
            hook: string;
            /** @description The hook point, event, queue or schedule. */
            point: string;
            /**
             * Format: int32
             * @description Number of the hook's version.
             */
            version: number;
            /** @description Digest of the hook's version: `sha256:…`. */
            digest: string;
            /** @description Whether the reply counted. */
            mode: components["schemas"]["InvocationMode"];
            /** @description Id of the user that it was about; `null` if it was about none, as before a sign-up. */
            user: string | null;
            /** @description Its outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /**
             * Format: int64
             * @description Wall-clock time in microseconds.
             */
            durationUs: number;
            /**
             * Format: int64
             * @description Fuel used.
             */
            fuel: number;
            /**
             * Format: int64
             * @description The most memory that the instance had, in bytes.
             */
            memoryPeakBytes: number;
            /**
             * Format: date-time
             * @description When it was recorded.
             */
            createdAt: string;
            /** @description Lines that the hook wrote to its log, in order. */
            logs: components["schemas"]["LogLine"][];
            /**
             * Format: uint32
             * @description Number of log lines beyond the limit.
             */
            logsDropped: number;
            /** @description The context that the hook got. */
            context: components["schemas"]["InvocationContext"];
            /** @description The payload that the hook got: any JSON value; its shape depends on the hook point or event. */
            payload: unknown;
            /** @description What the hook decided, or why it failed. */
            reply: components["schemas"]["Reply"];
            /** @description Calls from the hook to the server, in order. */
            hostCalls: components["schemas"]["HostCall"][];
            /** @description Whether host calls had to be shortened. */
            completeness: components["schemas"]["Completeness"];
        };
        /** @description The context that a hook gets. */
        InvocationContext: {
            /** @description The project. */
            projectId: string;
            /** @description The environment. */
            environment: string;
            /** @description The request, job or event that caused it. */
            requestId: string;
            /** @description The invocation. */
            invocationId: string;
            /** @description The hook point, event, queue or schedule. */
            hook: string;
            /** @description The endpoint as in the API reference, such as `POST /auth/register`; empty outside of requests. */
            endpoint: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            time: string;
            /**
             * Format: uint32
             * @description Counts from 1.
             */
            attempt: number;
            /** @description The HTTP request; `null` for events, jobs and schedules. */
            request: components["schemas"]["ContextRequest"] | null;
            /** @description The hook's version. */
            version: components["schemas"]["ContextVersion"];
        };
        /** @description The HTTP request in the context of a hook. */
        ContextRequest: {
            /** @description IP address of the client. */
            ip: string;
            /** @description User agent, as sent. */
            userAgent: string;
            /** @description HTTP method. */
            method: string;
            /** @description Path. */
            path: string;
            /** @description Language of the client (BCP 47). */
            locale: string;
            /** @description Names, in lower case, and values of the headers that hooks can see. */
            headers: [
                string,
                string
            ][];
        };
        /** @description The version of the hook in its context. */
        ContextVersion: {
            /**
             * Format: uint32
             * @description Its number.
             */
            number: number;
        };
        /**
         * @description Whether an invocation was stored completely.
         *
         *     - `whole`: Everything is stored.
         *     - `cut`: Host calls were shortened to the limit.
         * @enum {string}
         */
        Completeness: "whole" | "cut";
        /** @description A record of something that happened. Webhook endpoints, script hooks and the stream of events get the same document. */
        Event: {
            /** @description Identifies the event. */
            id: string;
            /** @description Its type, such as `auth.signup`. */
            type: string;
            /**
             * Format: int32
             * @description Version of the structure of `data`.
             */
            version: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            time: string;
            /** @description The project. */
            project: string;
            /** @description The environment. */
            environment: string;
            /** @description Who caused it: `user:…`, `hook:…`, `admin:…`, `key:…` or `anonymous`. */
            actor: string;
            /** @description Id of the user it is about; `null` if it is about none. */
            subject: string | null;
            /** @description What happened, by the type; see `docs/events.schema.json`. */
            data: {
                [key: string]: unknown;
            };
        };
        /** @description A mail without its bodies. */
        Mail: {
            /** @description Identifies the mail. */
            id: string;
            /** @description Email address of the recipient. */
            to: string;
            /** @description Name of the mail template it was made from; `null` if it was made without one. */
            template: string | null;
            /** @description The subject. */
            subject: string;
            /** @description Where it stands. */
            state: components["schemas"]["MailState"];
            /**
             * Format: int32
             * @description Number of attempts to send it so far.
             */
            attempts: number;
            /** @description Why the last attempt failed; `null` if it did not. */
            error: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it is tried next; `null` unless it is waiting.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it was sent, captured or given up.
             */
            finishedAt: string | null;
        };
        /**
         * @description Where a mail stands.
         *
         *     - `waiting`: It is sent as soon as possible, or tried again later.
         *     - `sent`: A mail server has accepted it.
         *     - `captured`: The server has no mail server and stores it, to be read here.
         *     - `failed`: It was given up.
         * @enum {string}
         */
        MailState: "waiting" | "sent" | "captured" | "failed";
        /** @description One event for one webhook endpoint. */
        Delivery: {
            /** @description Identifies the delivery. */
            id: string;
            /** @description Id of the event. */
            event: string;
            /** @description Type of the event. */
            type: string;
            /** @description Where it stands. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int32
             * @description Number of attempts so far; they count from zero when it is resent.
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is tried next; `null` if it has ended.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; `null` if it has not.
             */
            finishedAt: string | null;
        };
        /**
         * @description Where a delivery stands.
         *
         *     - `waiting`: It is sent as soon as possible, or tried again later.
         *     - `running`: An attempt is under way.
         *     - `delivered`: The endpoint has accepted it.
         *     - `failed`: It was given up.
         *     - `canceled`: The endpoint was disabled before it was sent.
         * @enum {string}
         */
        DeliveryState: "waiting" | "running" | "delivered" | "failed" | "canceled";
        /** @description What was found. */
        SearchResults: {
            /** @description What an id names, or else hooks and then users. */
            results: components["schemas"]["SearchResult"][];
        };
        /** @description One thing. */
        SearchResult: {
            /** @description What it is. */
            kind: components["schemas"]["SearchKind"];
            /** @description Identifies it; of a hook the name. */
            id: string;
            /** @description What people know it by: an email address, the name of a hook, a type of event. */
            title: string;
        };
        /**
         * @description What can be found.
         *
         *     - `user`: A user, by email address or id.
         *     - `hook`: A hook of the project, by name.
         *     - `invocation`: An invocation, by id.
         *     - `request`: A request, by id.
         *     - `event`: An event, by id.
         *     - `job`: A job, by id.
         *     - `mail`: A mail, by id.
         * @enum {string}
         */
        SearchKind: "user" | "hook" | "invocation" | "request" | "event" | "job" | "mail";
        /** @description What came of an invocation that was run again with recorded answers. */
        ReplayResult: {
            /** @description The invocation. */
            invocation: string;
            /** @description How both runs compare. */
            verdict: components["schemas"]["ReplayVerdict"];
            /** @description Why nothing can be said; `null` unless the verdict is `unknown`. */
            reason: components["schemas"]["ReplayReason"] | null;
            /** @description Where the hook asked something else than when it was recorded; `null` unless the verdict is `diverged`. */
            divergesAt: components["schemas"]["ReplayDivergence"] | null;
            /** @description The version that was run; `null` if none could be. */
            target: components["schemas"]["ReplayTarget"] | null;
            /** @description What was recorded; `null` if there is no record any more. */
            recorded: components["schemas"]["ReplaySide"] | null;
            /** @description What came of it now; `null` if the verdict is `diverged` or `unknown`. */
            replayed: components["schemas"]["ReplaySide"] | null;
            /** @description Log lines of the new run, as far as it came. */
            logs: components["schemas"]["LogLine"][];
            /** @description Host calls of the new run, as far as it came, with the recorded results. */
            hostCalls: components["schemas"]["HostCall"][];
        };
        /**
         * @description How a replay compares with the record.
         *
         *     - `identical`: The same reply, the same host calls and the same fuel.
         *     - `same_decision`: The same kind of decision; the reply, the host calls or the fuel differ.
         *     - `changed`: Another decision.
         *     - `diverged`: The hook asked something that it had not asked: the record has no answer.
         *     - `unknown`: Nothing can be said: `reason`.
         * @enum {string}
         */
        ReplayVerdict: "identical" | "same_decision" | "changed" | "diverged" | "unknown";
        /** @description Why a recorded invocation cannot be run again. */
        ReplayReason: {
            /** @description The reason. */
            code: components["schemas"]["ReplayReasonCode"];
            /** @description The reason in words. */
            message: string;
        };
        /**
         * @description A reason.
         *
         *     - `expired`: The record was deleted: it was too old, or the project had too many.
         *     - `redacted`: A one-time code was taken out of the record.
         *     - `cut`: The record exceeded its size limit, and its end is missing.
         *     - `timed_out`: The invocation ended at its deadline, which depends on the machine.
         *     - `not_run`: The invocation could not be started.
         *     - `not_kept`: The hook decided, but its effects could not be stored.
         *     - `version_deleted`: The recorded version was deleted.
         *     - `no_such_point`: The version has no hook of this name.
         *     - `unreadable`: The record was written by another version of the server.
         * @enum {string}
         */
        ReplayReasonCode: "expired" | "redacted" | "cut" | "timed_out" | "not_run" | "not_kept" | "version_deleted" | "no_such_point" | "unreadable";
        /** @description The first host call that differs. */
        ReplayDivergence: {
            /**
             * Format: uint32
             * @description Which host call, from 1.
             */
            call: number;
            /** @description The recorded one; `null` if there was no further one. */
            expected: components["schemas"]["ReplayQuestion"] | null;
            /** @description What the hook asked instead. */
            found: components["schemas"]["ReplayQuestion"];
        };
        /** @description A host call without its result. */
        ReplayQuestion: {
            /** @description What was called, such as `cache.get`. */
            name: string;
            /** @description The arguments: any JSON value. */
            arguments: unknown;
        };
        /** @description One of the two runs. */
        ReplaySide: {
            /** @description The outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /** @description What the hook decided, or why it failed. */
            reply: components["schemas"]["Reply"];
            /**
             * Format: uint64
             * @description Fuel used.
             */
            fuel: number;
        };
        /** @description Everything that an invocation got from outside, to run it again on another machine. Texts are JSON to the byte. */
        Recording: {
            /** @description The invocation. */
            invocation: string;
            /** @description The hook. */
            hook: string;
            /** @description The hook point or event. */
            point: string;
            /**
             * Format: uint32
             * @description Number of the version that ran.
             */
            version: number;
            /** @description Its digest: `sha256:…`. */
            digest: string;
            /** @description The context, as JSON text. */
            context: string;
            /** @description The payload, as JSON text. */
            payload: string;
            /** @description The reply, as JSON text. */
            reply: string;
            /** @description The outcome. */
            outcome: components["schemas"]["InvocationOutcome"];
            /**
             * Format: uint64
             * @description Fuel used.
             */
            fuel: number;
            /** @description The host calls, in order. */
            calls: components["schemas"]["RecordingCall"][];
            /** @description Readings of the clock, in milliseconds since 1970, in order. */
            clockMs: number[];
            /** @description What all randomness of the invocation follows from: 64 hexadecimal digits. Whoever has it knows what the hook drew. */
            seed: string;
        };
        /** @description A recorded host call. */
        RecordingCall: {
            /** @description What was called, such as `cache.get`. */
            name: string;
            /** @description The arguments, as JSON text. */
            arguments: string;
            /** @description The result or the error, as JSON text. */
            answer: string;
        };
        /** @description The backtests of an environment. */
        BacktestList: {
            /** @description Newest first, at most 20. */
            backtests: components["schemas"]["Backtest"][];
        };
        /** @description A backtest. */
        Backtest: {
            /** @description Its id. */
            id: string;
            /** @description The hook. */
            hook: string;
            /** @description The version that is run. */
            target: components["schemas"]["ReplayTarget"];
            /** @description How far it is. */
            state: components["schemas"]["BacktestState"];
            /** @description Why it did not go on; `null` unless it was stopped or failed. */
            reason: string | null;
            /**
             * Format: uint32
             * @description Number of invocations to run.
             */
            total: number;
            /**
             * Format: uint32
             * @description Number of invocations that were run, or found not to be replayable.
             */
            done: number;
            /** @description What came of them. */
            figures: components["schemas"]["BacktestFigures"];
            /**
             * Format: uint64
             * @description Number of invocations that this server did not record since it started, because the database did not keep up: they are
             *     missing here.
             */
            dropped: number;
            /** @description Who created it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; `null` until then.
             */
            finishedAt: string | null;
        };
        /**
         * @description How far a backtest is.
         *
         *     - `running`: It goes on.
         *     - `done`: Everything was run.
         *     - `stopped`: It was stopped, or the server that ran it ended.
         *     - `failed`: The server could not go on.
         * @enum {string}
         */
        BacktestState: "running" | "done" | "stopped" | "failed";
        /** @description What came of the invocations of a backtest. */
        BacktestFigures: {
            /**
             * Format: uint32
             * @description The same kind of decision.
             * @default 0
             */
            same: number;
            /**
             * Format: uint32
             * @description Of those, the same reply with the same fuel.
             * @default 0
             */
            identical: number;
            /**
             * Format: uint32
             * @description Allowed or patched then, denied now.
             * @default 0
             */
            nowDenied: number;
            /**
             * Format: uint32
             * @description Denied then, allowed or patched now.
             * @default 0
             */
            nowAllowed: number;
            /**
             * Format: uint32
             * @description A decision then, a failure now.
             * @default 0
             */
            newFailures: number;
            /**
             * Format: uint32
             * @description Any other change, such as from `allow` to `patch`, or of a failure.
             * @default 0
             */
            other: number;
            /**
             * Format: uint32
             * @description Nothing can be said: the record is incomplete, or the hook asks for something that it had not asked for.
             * @default 0
             */
            unknown: number;
            /**
             * @description Numbers of invocations by their decision then (`allow`, `patch`, `deny`, `failure`) and now (the same, and `unknown`).
             * @default {}
             */
            matrix: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /**
             * @description Why nothing can be said, with numbers of invocations: `diverged`, or a reason of a replay.
             * @default {}
             */
            unknownReasons: {
                [key: string]: number;
            };
            /**
             * @description Fuel of the invocations that were run.
             * @default {
             *       "p50Before": 0,
             *       "p50After": 0,
             *       "p95Before": 0,
             *       "p95After": 0,
             *       "p95Percent": null
             *     }
             */
            fuel: components["schemas"]["BacktestChange"];
            /**
             * @description Time of the invocations that were run, in microseconds: then with hosts that took their time, now without.
             * @default {
             *       "p50Before": 0,
             *       "p50After": 0,
             *       "p95Before": 0,
             *       "p95After": 0,
             *       "p95Percent": null
             *     }
             */
            timeUs: components["schemas"]["BacktestChange"];
        };
        /** @description A quantity then and now. */
        BacktestChange: {
            /**
             * Format: uint64
             * @description Median then.
             * @default 0
             */
            p50Before: number;
            /**
             * Format: uint64
             * @description Median now.
             * @default 0
             */
            p50After: number;
            /**
             * Format: uint64
             * @description 95th percentile then.
             * @default 0
             */
            p95Before: number;
            /**
             * Format: uint64
             * @description 95th percentile now.
             * @default 0
             */
            p95After: number;
            /**
             * Format: double
             * @description Change of the 95th percentile in percent; `null` if there was nothing then.
             * @default null
             */
            p95Percent: number | null;
        };
        /** @description What a backtest would run on. */
        BacktestPlan: {
            /** @description The hook. */
            hook: string;
            /**
             * Format: uint32
             * @description Number of recorded invocations that match, at most `limit`.
             */
            calls: number;
            /**
             * Format: uint32
             * @description Of those, how many can be run again.
             */
            replayable: number;
            /**
             * Format: uint32
             * @description Of those, how many had a one-time code taken out.
             */
            redacted: number;
            /**
             * Format: uint32
             * @description Of those, how many exceeded the size limit of records.
             */
            cut: number;
            /**
             * Format: uint32
             * @description Of those, how many cannot be run again for other reasons, such as a timeout.
             */
            unrepeatable: number;
            /**
             * Format: date-time
             * @description The oldest record of the environment; whatever happened before has expired. `null` if there is none.
             */
            keptSince: string | null;
            /**
             * Format: uint64
             * @description Number of invocations that this server did not record since it started, because the database did not keep up.
             */
            dropped: number;
        };
        /** @description A page of the invocations of a backtest. */
        BacktestRowList: {
            /** @description In the order in which they were run: newest invocations first. */
            rows: components["schemas"]["BacktestRow"][];
            /** @description What to send as `after` for the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description One invocation of a backtest. */
        BacktestRow: {
            /** @description Its id in the list. */
            id: string;
            /** @description The invocation. */
            invocation: string;
            /** @description The hook point or event. */
            point: string;
            /**
             * Format: date-time
             * @description When it was recorded.
             */
            at: string;
            /** @description What changed. */
            kind: components["schemas"]["BacktestKind"];
            /** @description The decision then: `allow`, `patch`, `deny` or `failure`. */
            from: string;
            /** @description The decision now: the same, or `unknown`. */
            to: string;
            /** @description How both runs compare. */
            verdict: components["schemas"]["ReplayVerdict"];
            /** @description Why nothing can be said; `null` unless the verdict is `unknown`. */
            reason: components["schemas"]["ReplayReason"] | null;
            /**
             * Format: uint32
             * @description Which host call diverges, from 1; `null` unless the verdict is `diverged`.
             */
            divergesAt: number | null;
            /** @description The code of the denial or of the failure now; `null` unless it is one. */
            code: string | null;
            /** @description The message of the denial now; `null` unless it is one. */
            message: string | null;
            /** @description Why it fails now; `null` unless it does. */
            error: components["schemas"]["HookError"] | null;
            /**
             * Format: uint64
             * @description Fuel then.
             */
            fuelBefore: number;
            /**
             * Format: uint64
             * @description Fuel now; `null` if nothing can be said.
             */
            fuelAfter: number | null;
        };
        /**
         * @description What changed for an invocation.
         *
         *     - `same`: The same kind of decision.
         *     - `now_denied`: Allowed or patched then, denied now.
         *     - `now_allowed`: Denied then, allowed or patched now.
         *     - `new_failure`: A decision then, a failure now.
         *     - `other`: Any other change.
         *     - `unknown`: Nothing can be said.
         * @enum {string}
         */
        BacktestKind: "same" | "now_denied" | "now_allowed" | "new_failure" | "other" | "unknown";
        /** @description The signing keys of an environment. */
        SigningKeyList: {
            /** @description Newest first. */
            keys: components["schemas"]["SigningKey"][];
        };
        /** @description A signing key, without its private part. */
        SigningKey: {
            /** @description Key id, as in the header of tokens and in the JSON Web Key Set. */
            kid: string;
            /** @description What it is used for now. */
            state: components["schemas"]["SigningKeyState"];
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it starts to sign.
             */
            activeAt: string;
            /**
             * Format: date-time
             * @description When its tokens are no longer accepted; `null` until the next rotation.
             */
            retiredAt: string | null;
        };
        /**
         * @description What a signing key is used for.
         *
         *     - `next`: It is published and does not sign yet.
         *     - `signing`: It signs new tokens.
         *     - `verifying`: It no longer signs; its tokens are still accepted.
         *     - `retired`: Its tokens are no longer accepted.
         * @enum {string}
         */
        SigningKeyState: "next" | "signing" | "verifying" | "retired";
        /** @description The result of a rotation. */
        SigningKeyRotation: {
            /** @description Key id of the new key. */
            kid: string;
            /** @description All keys, newest first. */
            keys: components["schemas"]["SigningKey"][];
        };
        /** @description A page of the audit log. */
        AuditLog: {
            /** @description Newest first. */
            audit: components["schemas"]["AuditEntry"][];
            /** @description What to send as `before` for the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description An entry of the audit log: who did what to what, and when. */
        AuditEntry: {
            /** @description Identifies the entry. */
            id: string;
            /** @description The project it is about; `null` if it is about the whole server. */
            project: string | null;
            /** @description The environment it is about; `null` if it is about all environments of the project, or about the whole server. */
            environment: string | null;
            /**
             * Format: date-time
             * @description When it was done.
             */
            time: string;
            /** @description Who did it: `account:…`, `admin:…`, `key:…`, `user:…` or `server`. */
            actor: string;
            /** @description The address that the account had; `null` if it was not an account of an admin. */
            actorEmail: string | null;
            /** @description The session or personal token by which the account did it; `null` if it was not an account of an admin. */
            via: string | null;
            /** @description What was done, such as `user.banned`. New versions of the server can add actions. */
            action: string;
            /** @description The id or the name of what it was done to. */
            target: string;
            /** @description IP address of the request; empty if there was none. */
            ip: string;
            /** @description Identifies the request in the server's log; empty if there was none. */
            requestId: string;
            /** @description More about it, by the action; never a secret. */
            data: {
                [key: string]: unknown;
            };
        };
        /** @description A page of the users of an environment. */
        UserList: {
            /** @description Newest first. */
            users: components["schemas"]["AdminUser"][];
            /** @description Send it as `before` to get the next page; `null` on the last page. */
            next: string | null;
        };
        /** @description A user as admins see them: their profile, and what decides whether they can log in. */
        AdminUser: {
            /** @description Identifies the user. */
            id: string;
            /** @description Identifies the account. */
            email: string;
            /** @description Whether the email address is verified. */
            emailVerified: boolean;
            /** @description Phone number with country code; absent if there is none, as in the user that hooks and events contain. */
            phone?: string;
            /** @description Whether the phone number is verified; absent if there is no phone number. */
            phoneVerified?: boolean;
            /** @description Display name; absent if there is none. */
            name?: string;
            /** @description Data that the user can read and change. */
            metadata: {
                [key: string]: unknown;
            };
            /** @description Data that the user can read but not change. */
            publicMetadata: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the account was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the user was last changed.
             */
            updatedAt: string;
            /** @description How the account was created: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
            provider: string;
            /** @description Whether the user can log in with a password. */
            hasPassword: boolean;
            /**
             * Format: date-time
             * @description When the user last logged in; `null` if never.
             */
            lastLoginAt: string | null;
            /** @description Whether the user is banned now. */
            banned: boolean;
            /**
             * Format: date-time
             * @description When the ban ends; `null` if the user is not banned, or without end.
             */
            bannedUntil: string | null;
            /** @description The note of the admin who banned the user. */
            banReason: string | null;
        };
        /** @description A user. */
        UserEnvelope: {
            /** @description The user. */
            user: components["schemas"]["AdminUser"];
        };
        /** @description Everything that is stored about a user, except password hashes, secrets and tokens. */
        UserExport: {
            /** @description The user. */
            user: components["schemas"]["AdminUser"];
            /** @description Their sessions, newest first. */
            sessions: components["schemas"]["ExportedSession"][];
            /** @description Their accounts at identity providers. */
            identities: components["schemas"]["ExportedIdentity"][];
            /** @description Their second factors. */
            factors: components["schemas"]["ExportedFactor"][];
            /** @description Events about them. */
            events: components["schemas"]["ExportedEvent"][];
            /** @description Entries of the audit log about them or by them. */
            audit: components["schemas"]["AuditEntry"][];
        };
        /** @description A session of the user. */
        ExportedSession: {
            /** @description Identifies the session. */
            id: string;
            /** @description How the user logged in: `password`, `otp`, `magic_link`, or the name of an identity provider. */
            provider: string;
            /** @description What the client said about itself. */
            client: {
                [key: string]: unknown;
            };
            /** @description IP address of the login. */
            ip: string;
            /** @description User agent of the login. */
            userAgent: string;
            /**
             * Format: date-time
             * @description When the user logged in.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was revoked; `null` if it was not.
             */
            revokedAt: string | null;
        };
        /** @description An account at an identity provider. */
        ExportedIdentity: {
            /** @description Name of the identity provider in the project. */
            provider: string;
            /** @description Identifies the account at the provider. */
            subject: string;
            /** @description Email address of the account at the provider. */
            email: string | null;
            /**
             * Format: date-time
             * @description When it was linked.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used to log in.
             */
            lastUsedAt: string;
        };
        /** @description A second factor, without its secret. */
        ExportedFactor: {
            /** @description Identifies the factor. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["ExportedFactorKind"];
            /** @description Name that the user gave it. */
            name: string | null;
            /** @description Whether it is confirmed. */
            state: components["schemas"]["ExportedFactorState"];
            /**
             * Format: date-time
             * @description When its enrollment began.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was confirmed; `null` if it was not.
             */
            verifiedAt: string | null;
        };
        /**
         * @description What a second factor is.
         * @constant
         */
        ExportedFactorKind: "totp";
        /**
         * @description Whether a second factor is confirmed.
         *
         *     - `pending`: Its enrollment has begun.
         *     - `verified`: It is required at every login.
         * @enum {string}
         */
        ExportedFactorState: "pending" | "verified";
        /** @description An event about the user. */
        ExportedEvent: {
            /** @description Identifies the event. */
            id: string;
            /** @description Its type, such as `auth.signup`. */
            type: string;
            /**
             * Format: int32
             * @description Version of the structure of `data`.
             */
            version: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            time: string;
            /** @description Who caused it: `user:…`, `hook:…`, `admin:…`, `key:…` or `anonymous`. */
            actor: string;
            /** @description What happened, by the type; see `docs/events.schema.json`. */
            data: {
                [key: string]: unknown;
            };
        };
        /** @description The active sessions of a user. */
        UserSessionList: {
            /** @description Newest first, at most 100. */
            sessions: components["schemas"]["UserSession"][];
        };
        /** @description An active session of a user, as admins see it. */
        UserSession: {
            /** @description Identifies the session. */
            id: string;
            /** @description How the user logged in: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
            provider: string;
            /** @description How the user proved who they are (RFC 8176), such as `pwd` and `mfa`. */
            methods: string[];
            /** @description What the client said about itself. */
            client: {
                [key: string]: unknown;
            };
            /** @description IP address of the login. */
            ip: string;
            /** @description User agent of the login; may be empty. */
            userAgent: string;
            /**
             * Format: date-time
             * @description When the user logged in.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When it expires, unless it is refreshed before.
             */
            expiresAt: string;
        };
        /** @description The second factors of a user. */
        UserFactorList: {
            /** @description Oldest first. */
            factors: components["schemas"]["ExportedFactor"][];
            /**
             * Format: uint64
             * @description How many recovery codes the user has not used.
             */
            recoveryCodesLeft: number;
        };
        /** @description The accounts at identity providers that a user can log in with. */
        UserIdentityList: {
            /** @description Oldest first. */
            identities: components["schemas"]["ExportedIdentity"][];
        };
        /** @description A mail that is about to be sent. */
        QueuedMail: {
            /** @description Identifies the mail. */
            mail: string;
        };
        /** @description Login methods, password rules, session lifetimes, rate limits and redirect URLs of an environment. */
        AuthSettings: {
            /** @description Name of the project in mails; `null` if it has none. */
            appName: string | null;
            /** @description Whether users can sign up themselves. */
            signUp: boolean;
            /** @description Whether users must verify their email address before they get a session. */
            confirmEmail: boolean;
            /** @description Login with one-time codes sent by mail. */
            otpEmail: boolean;
            /** @description Login with one-time codes sent by text message; a hook delivers the messages. */
            otpSms: boolean;
            /** @description Login with magic links. */
            magicLink: boolean;
            /** @description Whether users can or must have a second factor. */
            mfa: components["schemas"]["MfaPolicy"];
            /** @description Rules for passwords that users choose. */
            password: components["schemas"]["PasswordSettings"];
            /** @description Lifetimes of sessions and tokens. */
            sessions: components["schemas"]["SessionSettings"];
            /** @description Rate limits. */
            limits: components["schemas"]["RateSettings"];
            /** @description URLs that links in mails and identity providers may redirect to; the first is the default. */
            redirectUrls: string[];
        };
        /**
         * @description Whether users can or must have a second factor.
         *
         *     - `off`: Users cannot enroll a second factor.
         *     - `optional`: Users who have a second factor must use it.
         *     - `required`: There is no session without a second factor.
         * @enum {string}
         */
        MfaPolicy: "off" | "optional" | "required";
        /** @description Rules for passwords that users choose. */
        PasswordSettings: {
            /**
             * Format: uint32
             * @description Least number of characters.
             */
            minChars: number;
            /** @description Whether common passwords are refused. */
            refuseCommon: boolean;
            /** @description Whether passwords that Have I Been Pwned knows are refused. */
            refuseBreached: boolean;
        };
        /** @description Lifetimes of sessions and tokens, in seconds. */
        SessionSettings: {
            /**
             * Format: int64
             * @description Lifetime of an access token, in seconds.
             */
            accessSeconds: number;
            /**
             * Format: int64
             * @description Lifetime of a session, in seconds.
             */
            sessionSeconds: number;
            /**
             * Format: int64
             * @description Lifetime of a session without a refresh, in seconds.
             */
            idleSeconds: number;
            /**
             * Format: int64
             * @description How long a used refresh token that is sent again gets the same new one, in seconds.
             */
            refreshGraceSeconds: number;
            /**
             * Format: int64
             * @description How old a recent login may be, in seconds.
             */
            recentSeconds: number;
        };
        /** @description Rate limits of an environment. */
        RateSettings: {
            /**
             * Format: uint32
             * @description Requests per minute from one IP address to endpoints that check or create a secret.
             */
            perIpMinute: number;
            /**
             * Format: uint32
             * @description Wrong passwords or codes for one account before further attempts are delayed.
             */
            failuresPerAccount: number;
            /**
             * Format: uint32
             * @description Mails and text messages per hour to one recipient.
             */
            sendsPerRecipientHour: number;
            /**
             * Format: uint32
             * @description Requests per second of the environment.
             */
            perProjectSecond: number;
        };
        /** @description The identity providers of an environment. */
        IdentityProviders: {
            /** @description In the order in which they were sent. */
            providers: components["schemas"]["IdentityProvider"][];
        };
        /** @description An identity provider, without its client secret. */
        IdentityProvider: {
            /** @description Names it in the paths of the auth API; unique in the environment. */
            name: string;
            /** @description The issuer URL of the provider (OpenID Connect Discovery). */
            issuer: string;
            /** @description Identifies the project at the provider. */
            clientId: string;
            /** @description What is requested besides `openid`. */
            scopes: string[];
        };
        /** @description The identity providers of an environment, as they were just stored. */
        StoredIdentityProviders: {
            /** @description In the order in which they were sent. */
            providers: components["schemas"]["IdentityProvider"][];
            /** @description New providers that did not answer, so that nobody knows whether their settings are right. */
            warnings: components["schemas"]["Problem"][];
        };
        /** @description The HTTP allow-list of an environment. */
        HttpSettings: {
            /**
             * @description Hosts that hooks may send requests to; `*.example.org` stands for every subdomain. If empty, the hooks' declarations alone
             *     decide.
             */
            hosts: string[];
        };
        /** @description Who sends the mails of an environment. */
        MailSettings: {
            /** @description The SMTP server of the project, without the password; `null` if the server's own mail settings are used. */
            smtpUrl: string | null;
            /** @description Sender address; `null` if the server's own is used. */
            from: string | null;
            /** @description Address for replies; `null` if there is none. */
            replyTo: string | null;
        };
        /** @description What became of a test mail. */
        MailTest: {
            /** @description What became of it. */
            result: components["schemas"]["MailTestResult"];
            /** @description What the mail server said, or why it was not reached; `null` if it took the mail. */
            problem: string | null;
            /**
             * Format: uint64
             * @description How long it took, in milliseconds.
             */
            durationMs: number;
        };
        /**
         * @description What became of a test mail.
         *
         *     - `sent`: The mail server has taken it.
         *     - `captured`: There is no mail server: mails are captured.
         *     - `failed`: It was not sent.
         * @enum {string}
         */
        MailTestResult: "sent" | "captured" | "failed";
        /** @description Limits of an invocation that are set. The others are omitted and have the server's defaults. */
        LimitSettings: {
            /**
             * Format: uint64
             * @description Fuel: a repeatable count of work; 10,000,000 is about one millisecond.
             */
            fuel?: number;
            /**
             * Format: uint64
             * @description Memory of the instance in bytes.
             */
            memoryBytes?: number;
            /**
             * Format: uint64
             * @description Wall-clock time of an invocation in milliseconds, including waiting.
             */
            deadlineMs?: number;
            /**
             * Format: uint64
             * @description Size of the payload in bytes.
             */
            payloadBytes?: number;
            /**
             * Format: uint64
             * @description Size of the reply in bytes.
             */
            replyBytes?: number;
            /**
             * Format: uint32
             * @description Number of log lines; later lines are dropped and counted.
             */
            logLines?: number;
            /**
             * Format: uint64
             * @description Size of the log in bytes.
             */
            logBytes?: number;
            /**
             * Format: uint32
             * @description Number of host calls.
             */
            hostCalls?: number;
            /**
             * Format: uint64
             * @description Bytes transferred by host calls, both directions together.
             */
            hostBytes?: number;
            /**
             * Format: uint64
             * @description Bytes of host calls stored with an invocation.
             */
            recordBytes?: number;
            /**
             * Format: uint32
             * @description Rows returned by all queries of an invocation together.
             */
            dbRows?: number;
            /**
             * Format: uint64
             * @description Time of one SQL statement in milliseconds.
             */
            dbStatementMs?: number;
            /**
             * Format: uint32
             * @description Number of HTTP requests.
             */
            httpRequests?: number;
            /**
             * Format: uint64
             * @description Size of one HTTP response in bytes, after decompression.
             */
            httpResponseBytes?: number;
            /**
             * Format: uint32
             * @description Number of mails.
             */
            emails?: number;
            /**
             * Format: uint32
             * @description Number of messages added to queues.
             */
            queueMessages?: number;
        };
        /** @description What a deployment to an environment needs, besides what every deployment needs. */
        GateSettings: {
            /** @description The backtest that a version needs before it takes the place of another; `null` if it needs none. */
            backtest: components["schemas"]["BacktestGate"] | null;
        };
        /** @description The backtest that a version needs. */
        BacktestGate: {
            /**
             * Format: uint32
             * @description Number of recorded invocations that it has to be tried on; if fewer are recorded, all of them.
             */
            calls: number;
            /**
             * Format: double
             * @description Percentage of them that may be decided otherwise than they were.
             */
            mostChangedPercent: number;
        };
        /** @description A page of the mails of an environment. */
        MailList: {
            /** @description Newest first. */
            mails: components["schemas"]["Mail"][];
            /** @description Send it as `before` to get the next page; `null` on the last page. */
            next: string | null;
        };
        /** @description A mail with its bodies. */
        MailDetail: {
            /** @description Identifies the mail. */
            id: string;
            /** @description Email address of the recipient. */
            to: string;
            /** @description Name of the mail template it was made from; `null` if it was made without one. */
            template: string | null;
            /** @description The subject. */
            subject: string;
            /** @description Where it stands. */
            state: components["schemas"]["MailState"];
            /**
             * Format: int32
             * @description Number of attempts to send it so far.
             */
            attempts: number;
            /** @description Why the last attempt failed; `null` if it did not. */
            error: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it is tried next; `null` unless it is waiting.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it was sent, captured or given up.
             */
            finishedAt: string | null;
            /** @description Plain-text body; `null` if it has none, or if it is no longer stored. */
            text: string | null;
            /** @description HTML body; `null` if it has none, or if it is no longer stored. */
            html: string | null;
        };
        /** @description The mail templates of an environment. */
        MailTemplateList: {
            /** @description By name. */
            templates: components["schemas"]["MailTemplate"][];
        };
        /** @description A mail template. */
        MailTemplate: {
            /** @description Unique in the environment. */
            name: string;
            /** @description Template of the subject. */
            subject: string;
            /** @description Template of the plain-text body; `null` if it has none. */
            text: string | null;
            /** @description Template of the HTML body; `null` if it has none. */
            html: string | null;
            /**
             * Format: date-time
             * @description When it was last replaced.
             */
            updatedAt: string;
        };
        /** @description A mail as it would be. */
        MailPreview: {
            /** @description The subject. */
            subject: string;
            /** @description The plain-text body; `null` if there is none. */
            text: string | null;
            /** @description The HTML body; `null` if there is none. */
            html: string | null;
        };
        /** @description The mails of the server itself. */
        OwnMailTemplateList: {
            /** @description In the order of the documentation. */
            templates: components["schemas"]["OwnMailTemplate"][];
        };
        /** @description A mail of the server itself. */
        OwnMailTemplate: {
            /** @description Name of the template that takes its place. */
            name: string;
            /** @description When it is sent. */
            about: string;
            /** @description Template of the subject. */
            subject: string;
            /** @description Template of the plain-text body; `null` if there is none. */
            text: string | null;
            /** @description Template of the HTML body; `null` if there is none. */
            html: string | null;
            /** @description What it is given. */
            variables: components["schemas"]["MailVariable"][];
        };
        /** @description What a template is given. */
        MailVariable: {
            /** @description Its name. */
            name: string;
            /** @description What it is. */
            about: string;
            /** @description A value as the mail could get it. */
            sample: unknown;
        };
        /** @description Every type of event. */
        EventTypeList: {
            /** @description In the order of the documentation. */
            eventTypes: components["schemas"]["EventType"][];
        };
        /** @description A type of event, as webhooks, script hooks and the event stream know it. */
        EventType: {
            /** @description Its name, such as `auth.signup`. */
            name: string;
            /** @description When it happens. */
            description: string;
            /** @description What else a webhook endpoint can subscribe to it by, such as `auth.*`. */
            groups: string[];
            /** @description JSON Schema of the event. */
            schema: {
                [key: string]: unknown;
            };
            /** @description An event of this type, with every member. */
            sample: {
                [key: string]: unknown;
            };
        };
        /** @description A page of the events of an environment. */
        EventList: {
            /** @description Newest first. */
            events: components["schemas"]["Event"][];
            /** @description Send it as `before` to get the next page; `null` on the last page. */
            next: string | null;
        };
        /** @description The webhook endpoints of an environment. */
        WebhookEndpointList: {
            /** @description Oldest first. */
            webhooks: components["schemas"]["WebhookEndpoint"][];
        };
        /** @description A webhook endpoint that was created, with its secret. */
        NewWebhookEndpoint: {
            /** @description Identifies the endpoint. */
            id: string;
            /** @description URL that events are sent to by POST. */
            url: string;
            /** @description Description for admins; may be empty. */
            description: string;
            /** @description Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all. */
            events: string[];
            /** @description Conditions on the event, all of which must hold. */
            filter: components["schemas"]["WebhookCondition"][];
            /** @description Whether events are delivered to it. */
            state: components["schemas"]["WebhookState"];
            /** @description Who disabled it; `null` while it is enabled. */
            disabledBy: components["schemas"]["WebhookDisabledBy"] | null;
            /** @description Whether events wait for one another. */
            order: components["schemas"]["WebhookOrder"];
            /** @description Whether one-time codes are sent to it. */
            codes: components["schemas"]["WebhookCodes"];
            /** @description Address that gets a mail when the endpoint is disabled automatically. */
            ownerEmail: string | null;
            /**
             * Format: date-time
             * @description Since when every delivery has failed; `null` if the last one succeeded.
             */
            failingSince: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
            /** @description Signs the messages (Standard Webhooks 1.0); returned only here. */
            secret: string;
        };
        /** @description A new secret of a webhook endpoint. */
        WebhookSecret: {
            /** @description Id of the webhook endpoint. */
            id: string;
            /** @description Signs the messages (Standard Webhooks 1.0); returned only here. */
            secret: string;
            /**
             * Format: date-time
             * @description Until when messages are also signed with the old secrets.
             */
            olderUntil: string;
        };
        /** @description Deliveries were sent again. */
        Replayed: {
            /**
             * Format: uint64
             * @description How many.
             */
            replayed: number;
            /** @description Send it as `after` in another request to go on; `null` if there is nothing left. */
            next: string | null;
        };
        /** @description What a replay would send. */
        ReplayPlan: {
            /**
             * Format: uint64
             * @description How many deliveries.
             */
            count: number;
            /** @description Whether only a part was looked through, so that there may be more. */
            isCut: boolean;
            /**
             * Format: date-time
             * @description The oldest delivery or event; `null` if there is none.
             */
            oldestAt: string | null;
            /**
             * Format: date-time
             * @description The newest delivery or event; `null` if there is none.
             */
            newestAt: string | null;
            /** @description By type of event. */
            byType: components["schemas"]["ReplayCount"][];
        };
        /** @description Deliveries of a type of event. */
        ReplayCount: {
            /** @description Type of the event. */
            type: string;
            /**
             * Format: uint64
             * @description How many deliveries.
             */
            count: number;
        };
        /** @description A page of deliveries. */
        DeliveryList: {
            /** @description Newest first. */
            deliveries: components["schemas"]["ListedDelivery"][];
            /** @description Send it as `before` to get the next page; `null` on the last page. */
            next: string | null;
        };
        /** @description A delivery with its endpoint and what came of its last attempt. */
        ListedDelivery: {
            /** @description Identifies the delivery. */
            id: string;
            /** @description Id of the event. */
            event: string;
            /** @description Type of the event. */
            type: string;
            /** @description Where it stands. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int32
             * @description Number of attempts so far; they count from zero when it is resent.
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is tried next; `null` if it has ended.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; `null` if it has not.
             */
            finishedAt: string | null;
            /** @description Id of the webhook endpoint. */
            webhook: string;
            /** @description URL of the webhook endpoint. */
            url: string;
            /**
             * Format: int32
             * @description HTTP status of the last response; `null` if there was none.
             */
            lastStatus: number | null;
            /** @description Why the last attempt failed; `null` if it did not, or if there was none. */
            lastError: string | null;
        };
        /** @description A delivery with what is sent and what was answered. */
        DeliveryDetail: {
            /** @description Identifies the delivery. */
            id: string;
            /** @description Id of the event. */
            event: string;
            /** @description Type of the event. */
            type: string;
            /** @description Where it stands. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int32
             * @description Number of attempts so far; they count from zero when it is resent.
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is tried next; `null` if it has ended.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; `null` if it has not.
             */
            finishedAt: string | null;
            /** @description The request, without its signatures. */
            request: components["schemas"]["DeliveryRequest"];
            /** @description The attempts, oldest first; at most the last 100. */
            log: components["schemas"]["Attempt"][];
        };
        /** @description The request of a delivery. */
        DeliveryRequest: {
            /** @description Always `POST`. */
            method: string;
            /** @description The URL of the webhook endpoint. */
            url: string;
            /** @description Headers by name, without the signatures. */
            headers: {
                [key: string]: string;
            };
            /** @description The body, as it is sent; `null` if the event is no longer stored. */
            body: string | null;
        };
        /** @description One try to send a delivery. */
        Attempt: {
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            durationMs: number;
            /**
             * Format: int32
             * @description HTTP status of the response; `null` if there was none.
             */
            status: number | null;
            /** @description Why it failed; `null` if it did not. */
            error: string | null;
            /** @description Headers of the response, at most 40, each of at most 500 characters; cookies are hidden. */
            responseHeaders: components["schemas"]["AttemptHeader"][];
            /** @description Beginning of the body of the response (4 KiB); `null` if there was none. */
            response: string | null;
        };
        /** @description A header of a response. */
        AttemptHeader: {
            /** @description In lower case. */
            name: string;
            /** @description Its value. */
            value: string;
        };
        /** @description The process is running. */
        Health: {
            /**
             * @description Always `ok`.
             * @constant
             */
            status: "ok";
        };
        /** @description Whether the process can serve requests. */
        Readiness: {
            /** @description With `ready` the status of the response is 200, otherwise 503. */
            status: components["schemas"]["ReadinessStatus"];
            /** @description Result of the check of each service. */
            checks: {
                /** @description RabbitMQ; absent unless it is configured and this process runs jobs. */
                broker?: components["schemas"]["Check"];
                /** @description Redis; absent unless it is configured. */
                cache?: components["schemas"]["Check"];
                /** @description The database of the server; absent if the request excludes it. */
                database?: components["schemas"]["Check"];
                /** @description The databases of the projects; absent if the request excludes them. */
                tenant_database?: components["schemas"]["Check"];
            };
        };
        /**
         * @description Whether a process can serve requests.
         *
         *     - `ready`: Every service responds and can do its work.
         *     - `not_ready`: A service does not respond or does not do its work; `checks` says which, and why.
         *     - `stopping`: The process is shutting down.
         * @enum {string}
         */
        ReadinessStatus: "ready" | "not_ready" | "stopping";
        /** @description Result of the check of a service. */
        Check: {
            /** @description Whether it responds and does its work; a database does if it takes changes. */
            ok: boolean;
            /** @description What is wrong, in words; absent if `ok` is true. It names no address and no file. */
            problem?: string;
        };
        /** @description A JSON Web Key Set (RFC 7517). */
        JwkSet: {
            /** @description Every key that can have signed an access token that is still valid. */
            keys: components["schemas"]["Jwk"][];
        };
        /** @description The public key of a signing key, as a JSON Web Key (RFC 7517, RFC 8037). */
        Jwk: {
            /**
             * @description Key type.
             * @constant
             */
            kty: "OKP";
            /**
             * @description Curve.
             * @constant
             */
            crv: "Ed25519";
            /**
             * @description What the key is for.
             * @constant
             */
            use: "sig";
            /**
             * @description Algorithm of the signatures.
             * @constant
             */
            alg: "EdDSA";
            /** @description Key id, as in the header of access tokens. */
            kid: string;
            /** @description The public key in base64url. */
            x: string;
        };
        PostAuthRegisterRequest: {
            /**
             * Format: idn-email
             * @description Identifies the account, whatever the spelling: upper or lower case, the domain in Unicode or in ASCII.
             */
            email: string;
            /**
             * Format: password
             * @description Must follow the project's password rules.
             */
            password: string;
            /** @description Display name. */
            name?: string;
            /**
             * @description Stored as unverified.
             * @example +4930123456
             */
            phone?: string;
            /** @description Data that the user may read and change; at most 16 KiB. */
            metadata?: Record<string, unknown>;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthLoginRequest: {
            /**
             * Format: idn-email
             * @description Any spelling of the account's address: upper or lower case, the domain in Unicode or in ASCII.
             */
            email: string;
            /**
             * Format: password
             * @description The account's password.
             */
            password: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthRefreshRequest: {
            /** @description The refresh token from the latest response. */
            refresh_token: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthLogoutRequest: {
            /**
             * @description Which sessions to revoke; `this` if omitted.
             * @enum {string}
             */
            scope?: "this" | "others" | "all";
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PatchAuthMeRequest: {
            /** @description Display name. */
            name?: string | null;
            /**
             * @description A new number is stored as unverified.
             * @example +4930123456
             */
            phone?: string | null;
            /** @description Merged into the existing metadata; at most 16 KiB together. */
            metadata?: Record<string, unknown>;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        DeleteAuthMeRequest: {
            /**
             * Format: password
             * @description Required if the account has a password.
             */
            password?: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthEmailVerifySendRequest: {
            /**
             * Format: idn-email
             * @description Required without an access token.
             */
            email?: string;
            /**
             * Format: uri
             * @description URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.
             */
            redirect_to?: string;
        };
        PostAuthEmailVerifyRequest: {
            /** @description The token from the link in the mail. */
            token: string;
        };
        PostAuthEmailChangeRequest: {
            /**
             * Format: idn-email
             * @description The new address.
             */
            email: string;
            /**
             * Format: password
             * @description The account's password; required if the login is not recent.
             */
            password?: string;
            /**
             * Format: uri
             * @description URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.
             */
            redirect_to?: string;
        };
        PostAuthEmailChangeConfirmRequest: {
            /** @description The token from the link in the mail. */
            token: string;
        };
        PostAuthPasswordForgotRequest: {
            /**
             * Format: idn-email
             * @description Email address of the account.
             */
            email: string;
            /**
             * Format: uri
             * @description URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.
             */
            redirect_to?: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthPasswordResetRequest: {
            /** @description The token from the link in the mail. */
            token: string;
            /**
             * Format: password
             * @description The new password; must follow the project's password rules.
             */
            password: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthPasswordChangeRequest: {
            /**
             * Format: password
             * @description Required if the account has a password.
             */
            current_password?: string;
            /**
             * Format: password
             * @description The new password; must follow the project's password rules.
             */
            password: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthOtpSendRequest: {
            /**
             * @description How the code is sent.
             * @enum {string}
             */
            channel: "email" | "sms";
            /**
             * Format: idn-email
             * @description Email address; required for channel `email`.
             */
            email?: string;
            /**
             * @description Phone number; required for channel `sms`.
             * @example +4930123456
             */
            phone?: string;
            /** @description Whether the code creates an account if there is none; only for channel `email`. `false` if omitted. */
            create_user?: boolean;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthOtpVerifyRequest: {
            /**
             * @description How the code was sent.
             * @enum {string}
             */
            channel: "email" | "sms";
            /**
             * Format: idn-email
             * @description Email address; required for channel `email`.
             */
            email?: string;
            /**
             * @description Phone number; required for channel `sms`.
             * @example +4930123456
             */
            phone?: string;
            /** @description The six-digit code from the message. */
            code: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthPhoneVerifySendRequest: {
            /**
             * @description The number to verify; the account's own if omitted.
             * @example +4930123456
             */
            phone?: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthPhoneVerifyRequest: {
            /** @description The six-digit code from the message. */
            code: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthMagicLinkSendRequest: {
            /**
             * Format: idn-email
             * @description Email address of the account.
             */
            email: string;
            /** @description Whether the link creates an account if there is none; `false` if omitted. */
            create_user?: boolean;
            /**
             * Format: uri
             * @description URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.
             */
            redirect_to?: string;
        };
        PostAuthMagicLinkVerifyRequest: {
            /** @description The token from the link in the mail. */
            token: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthMfaEnrollRequest: {
            /** @description The token from `mfa_enrollment`, instead of an access token. */
            token?: string;
            /** @description Name of the factor, chosen by the user. */
            name?: string;
        };
        PostAuthMfaEnrollConfirmRequest: {
            /** @description The token from `mfa_enrollment`, instead of an access token; it is used up by five wrong codes. */
            token?: string;
            /** @description The `factor_id` from the enrollment. */
            factor_id: string;
            /** @description The current six-digit code from the authenticator app. */
            code: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        DeleteAuthMfaFactorsIdRequest: {
            /** @description A current code from one of the account's authenticator apps. */
            code?: string;
            /** @description One of the account's recovery codes. */
            recovery_code?: string;
            /**
             * Format: password
             * @description The account's password.
             */
            password?: string;
        };
        PostAuthMfaRecoveryCodesRequest: {
            /** @description A current code from one of the account's authenticator apps. */
            code?: string;
            /** @description One of the previous recovery codes. */
            recovery_code?: string;
        };
        PostAuthMfaVerifyRequest: {
            /** @description The challenge token from `mfa`. */
            token: string;
            /** @description The current six-digit code from the authenticator app. */
            code?: string;
            /** @description A recovery code, instead of `code`; works once. */
            recovery_code?: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAuthOauthCallbackRequest: {
            /** @description The state sent to the provider; works once, within ten minutes, in the same browser. */
            state: string;
            /** @description Authorization code from the provider. */
            code?: string;
            /** @description Error code from the provider (RFC 6749, 4.1.2.1). */
            error?: string;
            /** @description Issuer identifier of the provider (RFC 9207). */
            iss?: string;
        };
        PostAuthOauthProviderLinkRequest: Record<string, unknown>;
        PostAuthOauthLinkRequest: {
            /** @description The `code` from the query of `redirect_to`; works once, for one minute. */
            code: string;
            /** @description PKCE code verifier (RFC 7636); required if `code_challenge` was sent. */
            code_verifier?: string;
        };
        PostAuthOauthTokenRequest: {
            /** @description The `code` from the query of `redirect_to`; works once, for one minute. */
            code: string;
            /** @description PKCE code verifier (RFC 7636); required if `code_challenge` was sent. */
            code_verifier?: string;
            /** @description Information about the client, given by itself; passed to hooks. */
            client?: components["schemas"]["Client"];
        };
        PostAdminApiV1SetupRequest: {
            /** @description The token from the set-up link. */
            token: string;
            /**
             * Format: idn-email
             * @description Address of the first administrator's account; an admin token is created instead if omitted.
             */
            email?: string;
            /**
             * Format: password
             * @description Together with `email`: 12 to 1,000 characters, none of the common ones.
             */
            password?: string;
            /** @description Name of the admin token, without `email`; `first admin` if omitted. */
            name?: string;
        };
        PostAdminApiV1TokensRequest: {
            /** @description What or whom the token is for. */
            name: string;
            /** @description What the token may do: everything that the caller may do if omitted. Nobody creates a token that may do more than they may. `hooks:deploy` and `…:write` include the same `…:read`, `project:manage` everything of the project, `server:manage` everything. */
            scopes?: ("project:read" | "hooks:read" | "hooks:deploy" | "data:read" | "data:write" | "settings:read" | "settings:write" | "project:manage" | "server:manage")[];
            /**
             * Format: date-time
             * @description When it stops working, in the future (RFC 3339); it works until it is revoked if omitted.
             */
            expiresAt?: string;
        };
        PostAdminApiV1TokensTokenRotateRequest: {
            /** @description How long the old one stays valid, in seconds; it stops working at once if omitted. */
            overlapSeconds?: number;
        };
        PostAdminApiV1ProjectsProjectTokensRequest: {
            /** @description What or whom the token is for. */
            name: string;
            /** @description What the token may do: everything that the caller may do if omitted. Nobody creates a token that may do more than they may. `hooks:deploy` and `…:write` include the same `…:read`, `project:manage` everything of the project, `server:manage` everything. */
            scopes?: ("project:read" | "hooks:read" | "hooks:deploy" | "data:read" | "data:write" | "settings:read" | "settings:write" | "project:manage" | "server:manage")[];
            /** @description The only environment that the token opens; all of the project if omitted. Not together with `project:manage`. */
            environment?: string;
            /**
             * Format: date-time
             * @description When it stops working, in the future (RFC 3339); it works until it is revoked if omitted.
             */
            expiresAt?: string;
        };
        PostAdminApiV1ProjectsProjectTokensTokenRotateRequest: {
            /** @description How long the old one stays valid, in seconds; it stops working at once if omitted. */
            overlapSeconds?: number;
        };
        PostAdminApiV1SessionRequest: {
            /**
             * Format: idn-email
             * @description The account's address.
             */
            email: string;
            /**
             * Format: password
             * @description The account's password.
             */
            password: string;
        };
        PostAdminApiV1SessionTotpRequest: {
            /** @description The ticket from the sign-in. */
            ticket: string;
            /** @description The current six-digit code from the authenticator app. */
            code?: string;
            /** @description One of the account's recovery codes, instead of `code`; it is used up. */
            recoveryCode?: string;
        };
        PostAdminApiV1SessionConfirmRequest: {
            /**
             * Format: password
             * @description The account's password.
             */
            password?: string;
            /** @description The current six-digit code from the authenticator app. */
            code?: string;
            /** @description One of the account's recovery codes, instead of `code`; it is used up. */
            recoveryCode?: string;
        };
        PostAdminApiV1AccountPasswordRequest: {
            /**
             * Format: password
             * @description The password so far.
             */
            currentPassword: string;
            /**
             * Format: password
             * @description The new password.
             */
            password: string;
        };
        PostAdminApiV1AccountTotpConfirmRequest: {
            /** @description The current six-digit code from the app. */
            code: string;
        };
        PostAdminApiV1AccountTokensRequest: {
            /** @description What the token is for. */
            name: string;
            /** @description What the token may do at most: whatever the account may do if omitted. `hooks:deploy` and `…:write` include the same `…:read`, `project:manage` everything of the project, `server:manage` everything. */
            scopes?: ("project:read" | "hooks:read" | "hooks:deploy" | "data:read" | "data:write" | "settings:read" | "settings:write" | "project:manage" | "server:manage")[];
            /** @description The only project that the token opens; all that the account may see if omitted. */
            project?: string;
            /** @description The only environment that the token opens, together with `project`; all if omitted. Without `project:manage`. */
            environment?: string;
            /**
             * Format: date-time
             * @description When it stops working, in the future (RFC 3339); it works until it is revoked if omitted.
             */
            expiresAt?: string;
        };
        PostAdminApiV1AccountsRequest: {
            /**
             * Format: idn-email
             * @description The account's address.
             */
            email: string;
            /**
             * Format: password
             * @description The account's password: 12 to 1,000 characters, none of the common ones.
             */
            password: string;
            /** @description Whether the account may do everything on the server; `false` if omitted. */
            isAdministrator?: boolean;
        };
        PatchAdminApiV1AccountsAccountRequest: {
            /** @description Whether the account may do everything on the server. */
            isAdministrator: boolean;
        };
        PostAdminApiV1PasswordResetRequest: {
            /**
             * Format: idn-email
             * @description The account's address.
             */
            email: string;
        };
        PostAdminApiV1PasswordResetConfirmRequest: {
            /** @description The token from the link. */
            token: string;
            /**
             * Format: password
             * @description The new password.
             */
            password: string;
        };
        PostAdminApiV1ProjectsProjectMembersRequest: {
            /**
             * Format: idn-email
             * @description The address of the account.
             */
            email: string;
            /**
             * @description What they may do: a `viewer` sees everything, a `developer` also changes hooks, data and settings, an `owner` also manages keys, tokens and members.
             * @enum {string}
             */
            role: "viewer" | "developer" | "owner";
        };
        PatchAdminApiV1ProjectsProjectMembersMemberRequest: {
            /**
             * @description What they may do: a `viewer` sees everything, a `developer` also changes hooks, data and settings, an `owner` also manages keys, tokens and members.
             * @enum {string}
             */
            role: "viewer" | "developer" | "owner";
        };
        PostAdminApiV1InvitationsAcceptRequest: {
            /** @description The token from the link. */
            token: string;
            /**
             * Format: password
             * @description A new password, or the one of the account that there is.
             */
            password: string;
        };
        PostAdminApiV1InvitationsRequest: {
            /**
             * Format: idn-email
             * @description Whom the invitation is for: what they will sign in with.
             */
            email: string;
            /** @description Whether the server mails the link to the address, by the mail server of the installation; `false` if omitted. */
            mail?: boolean;
        };
        PostAdminApiV1ProjectsProjectInvitationsRequest: {
            /**
             * Format: idn-email
             * @description Whom the invitation is for: what they will sign in with.
             */
            email: string;
            /**
             * @description What they may do: a `viewer` sees everything, a `developer` also changes hooks, data and settings, an `owner` also manages keys, tokens and members.
             * @enum {string}
             */
            role: "viewer" | "developer" | "owner";
            /** @description Whether the server mails the link to the address, by the mail server of the installation; `false` if omitted. */
            mail?: boolean;
        };
        PostAdminApiV1ProjectsRequest: {
            /** @description 1 to 63 characters of `a-z`, `0-9` and `-`, not beginning with `-`. */
            id: string;
            /** @description Display name; the id if omitted. */
            name?: string;
            /** @description Name of the first environment; `production` if omitted. */
            environment?: string;
        };
        PatchAdminApiV1ProjectsProjectRequest: {
            /** @description Display name. */
            name: string;
        };
        DeleteAdminApiV1ProjectsProjectRequest: {
            /** @description What is deleted, once more: its id or name, as in the path. */
            confirm: string;
        };
        PostAdminApiV1ProjectsProjectEnvironmentsRequest: {
            /** @description 1 to 63 characters of `a-z`, `0-9` and `-`, not beginning with `-`. */
            name: string;
        };
        PatchAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest: {
            /** @description Display name. */
            displayName: string;
        };
        DeleteAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest: {
            /** @description What is deleted, once more: its id or name, as in the path. */
            confirm: string;
        };
        PostKeysRequest: {
            /**
             * @description `publishable` for clients, `secret` for servers and for the admin API of the environment.
             * @enum {string}
             */
            kind: "publishable" | "secret";
            /** @description What the key is for; empty if omitted. */
            name?: string;
            /**
             * Format: date-time
             * @description When it stops working, in the future (RFC 3339); it works until it is revoked if omitted.
             */
            expiresAt?: string;
        };
        PostKeysKeyRotateRequest: {
            /** @description How long the old one stays valid, in seconds; it stops working at once if omitted. */
            overlapSeconds?: number;
        };
        PostAdminApiV1ProjectsProjectHooksRequest: {
            /** @description Name of the hook. */
            name: string;
            /**
             * @description What the hook begins as (`GET /admin/api/v1/hook-templates`). `before-signup` if omitted.
             * @enum {string}
             */
            template?: "before-signup" | "after-signup" | "script" | "block-free-mail" | "allow-domains" | "normalise-email" | "rate-limit" | "risk-score" | "custom-claims" | "welcome-mail" | "greeting" | "audit-table" | "crm-sync" | "login-mail" | "nightly-cleanup";
        };
        PostAdminApiV1ProjectsProjectHooksHookDraftRequest: {
            /** @description Number of the version. */
            from: number;
        };
        PutAdminApiV1ProjectsProjectHooksHookDraftRequest: {
            /** @description The source files: at most 1,000, of at most 1 MiB each and 2 MiB together. Paths are relative to the project, with `/`. The hook is `settings.entry`, or else `hooks/<name>.ts` or another file with its name. Files of npm packages can be added below `node_modules/`. */
            files: {
                path: string;
                text: string;
            }[];
            /** @description What a build needs besides the files, as `aerocall.toml` has it: the file that the hook is, the most that it may touch and use, and when it is called at set times. Nothing if omitted. */
            settings?: {
                entry?: string | null;
                capabilities?: string[] | null;
                limits?: {
                    [key: string]: number;
                };
                schedules?: {
                    [key: string]: string;
                };
            };
        };
        PostAdminApiV1ProjectsProjectHooksHookCheckRequest: {
            /** @description Revision of the draft. Exactly one of `revision` and `files` is required. */
            revision?: number;
            /** @description The source files: at most 1,000, of at most 1 MiB each and 2 MiB together. Paths are relative to the project, with `/`. The hook is `settings.entry`, or else `hooks/<name>.ts` or another file with its name. Files of npm packages can be added below `node_modules/`. */
            files?: {
                path: string;
                text: string;
            }[];
            /** @description What a build needs besides the files, as `aerocall.toml` has it: the file that the hook is, the most that it may touch and use, and when it is called at set times. Nothing if omitted. */
            settings?: {
                entry?: string | null;
                capabilities?: string[] | null;
                limits?: {
                    [key: string]: number;
                };
                schedules?: {
                    [key: string]: string;
                };
            };
        };
        PostAdminApiV1ProjectsProjectHooksHookVersionsRequest: {
            /** @description Revision of the draft. */
            revision: number;
            /** @description What is new in this version. */
            message?: string;
        };
        PostDeploymentsRequest: {
            /** @description The hooks, at most 32, in the order in which they run. `failurePolicy` says what happens when the hook fails: with `open` the request continues, with `closed` it is refused. `limits` can only lower the limits of the project. */
            hooks: {
                name: string;
                digest?: string;
                /** Format: int32 */
                number?: number;
                /** Format: int32 */
                order?: number;
                /** @enum {string} */
                failurePolicy?: "open" | "closed";
                enabled?: boolean;
                limits?: components["schemas"]["Limits"];
            }[];
            /** @description SQL migrations of the project's own database, at most 200, in order. An applied migration must not be changed. */
            migrations?: {
                name: string;
                sql: string;
            }[];
            /** @description Number of the deployment that is live, 0 if there is none; if it is another one, nothing is changed. */
            expect?: number;
            /** @description What is new. */
            message?: string;
            /** @description Deploys even if a gate fails. */
            force?: {
                reason: string;
            };
            /** @description Whether hooks that are live and not listed stay live, where they are in the order; false if omitted. */
            keepOthers?: boolean;
            /** @description With `keepOthers`: hooks that are to be live no longer. */
            removes?: string[];
        };
        PostDeploymentsPlanRequest: {
            /** @description As in a deployment. */
            hooks: {
                name: string;
                digest?: string;
                /** Format: int32 */
                number?: number;
                /** Format: int32 */
                order?: number;
                /** @enum {string} */
                failurePolicy?: "open" | "closed";
                enabled?: boolean;
                limits?: components["schemas"]["Limits"];
            }[];
            /** @description As in a deployment. */
            keepOthers?: boolean;
            /** @description As in a deployment. */
            removes?: string[];
        };
        PostDeploymentsNumberRollbackRequest: {
            /** @description Number of the deployment that is live; if it is another one, nothing is changed. */
            expect?: number;
            /** @description Why. */
            message?: string;
            /** @description Names of the hooks to roll back; all if omitted. */
            hooks?: string[];
        };
        PatchHooksHookRequest: {
            /** @description Whether the hook is run. */
            enabled: boolean;
        };
        PostHooksHookRunRequest: {
            /** @description The version to run: its number, `draft` for the draft as it is saved, or `live` for the one that the environment runs, which is the default. A draft has the number 0. */
            target?: ("live" | "draft") | number;
            /** @description The hook point, event, queue (`queue.<name>`) or schedule (`cron.<name>`). */
            point: string;
            /** @description Changes to the default context, with the names that a hook sees: `request`, `time`, `attempt`, … */
            context?: Record<string, unknown>;
            /** @description What the hook gets: it must fit the schema of the hook point, see `GET /admin/api/v1/hook-points`. */
            payload: unknown;
            /**
             * @description Where results of SDK calls come from. `given`: a database, a cache and queues of this run alone, filled with `given`; requests to other hosts get the responses in `given.http` and are otherwise refused.
             * @enum {string}
             */
            answers?: "given";
            /** @description The state before the invocation: `cache`, `secrets`, `http`, `users`, `rows`, `password`, as in the test cases of `aerocall test`. At most 200 entries. */
            given?: Record<string, unknown>;
            /** @description Migrations that make the tables of the run (SQLite), sorted by name. */
            migrations?: {
                name: string;
                sql: string;
            }[];
            /** @description SDK calls that fail, such as `db.query#2=timeout` (the second query) or `http.send=backend_unavailable` (every request). */
            faults?: string[];
        };
        PostTryRequest: {
            /**
             * @description HTTP method. The one that the endpoint has, or POST if it has several, if omitted.
             * @enum {string}
             */
            method?: "GET" | "POST" | "PATCH" | "DELETE";
            /** @description Path of an endpoint of the auth API, such as `/auth/register`, with its query. */
            path: string;
            /** @description Headers by name, such as `authorization`, `user-agent`, `accept-language`, and those that hooks can see. At most 50. The project comes from the path of this request, so no key is needed. */
            headers?: Record<string, unknown>;
            /** @description The body: a JSON object. */
            body?: unknown;
            /**
             * @description `dry-run`, the default: on copies, nothing changes and nothing is sent. `live`: in the environment itself; see above.
             * @enum {string}
             */
            mode?: "dry-run" | "live";
            /** @description Hooks that run in another version than the live one, by name: `"draft"` or the number of a version. A hook that is not live runs after the others. In a dry-run only. */
            use?: {
                [key: string]: "draft" | number;
            };
            /** @description Responses of other hosts to requests of hooks, each for one request, as `given.http` in the test cases of `aerocall test`. Other requests of hooks are refused. In a dry-run only. */
            http?: Record<string, unknown>[];
        };
        PostAdminApiV1ProjectsProjectHooksHookCasesRequest: {
            /** @description 1 to 64 of A-Z, a-z, 0-9, _ and -. */
            name: string;
            /** @description The case, as `aerocall test` reads it: `hook`, `payload`, `context`, `given` or `answers`, `expect`. At most 262,144 bytes. */
            document: Record<string, unknown>;
        };
        PutAdminApiV1ProjectsProjectHooksHookCasesCaseRequest: {
            /** @description The case, as `aerocall test` reads it: `hook`, `payload`, `context`, `given` or `answers`, `expect`. At most 262,144 bytes. */
            document: Record<string, unknown>;
        };
        PostHooksHookCasesRunRequest: {
            /** @description The version to run: its number, `draft` for the draft as it is saved, or `live` for the one that the environment runs, which is the default. A draft has the number 0. */
            target?: ("live" | "draft") | number;
            /** @description Migrations that make the tables of the run (SQLite), sorted by name. */
            migrations?: {
                name: string;
                sql: string;
            }[];
        };
        PostAdminApiV1ProjectsProjectHooksHookAssistantRequest: {
            /**
             * @description `change`: write or change the hook. `explain`: the selection, the hook, the diagnostics or the invocation. `cases`: propose test cases.
             * @enum {string}
             */
            task: "change" | "explain" | "cases";
            /** @description The environment whose limits apply to the runs of test cases, and that the invocation is of; the first one if omitted. */
            environment?: string;
            /** @description Revision of the draft that the question is about; the draft as it is if omitted. */
            revision?: number;
            /** @description The source files: at most 1,000, of at most 1 MiB each and 2 MiB together. Paths are relative to the project, with `/`. The hook is `settings.entry`, or else `hooks/<name>.ts` or another file with its name. Files of npm packages can be added below `node_modules/`. */
            files?: {
                path: string;
                text: string;
            }[];
            /** @description What a build needs besides the files, as `aerocall.toml` has it: the file that the hook is, the most that it may touch and use, and when it is called at set times. Nothing if omitted. */
            settings?: {
                entry?: string | null;
                capabilities?: string[] | null;
                limits?: {
                    [key: string]: number;
                };
                schedules?: {
                    [key: string]: string;
                };
            };
            /** @description The hook point or event that the hook is for: its payload and samples are sent along. */
            point?: string;
            /** @description What was said so far, oldest first; the last one is by the person (`user`). At most 20, and 65,536 bytes. */
            messages: {
                /** @enum {string} */
                role: "user" | "assistant";
                text: string;
            }[];
            /** @description Lines that the person has selected. */
            selection?: {
                file: string;
                startLine: number;
                endLine: number;
            };
            /** @description What is sent along: the diagnostics of the files, a test case of the hook by its name, an invocation by its id. Cases and invocations are sent without addresses, names and what is called like a secret. An invocation needs `data:read`, too. */
            attach?: {
                diagnostics?: boolean;
                case?: string | null;
                invocation?: string | null;
            };
            /** @description Migrations that make the tables of the run (SQLite), sorted by name. */
            migrations?: {
                name: string;
                sql: string;
            }[];
        };
        PostAdminApiV1ProjectsProjectHooksHookProposalsProposalApplyRequest: {
            /** @description Applies a proposal that cannot be built or fails test cases. */
            acceptUnverified?: boolean;
            /** @description What the proposal may do that the draft may not, each as in `capabilities.added`. */
            acceptCapabilities?: string[];
        };
        PutAdminApiV1ProjectsProjectSettingsAssistantRequest: {
            /** @description `false` turns the assistant off for this project, the installation's, too. Default `true`. */
            enabled?: boolean;
            /**
             * @description The protocol of the model's server: `openai` (chat completions; also llama.cpp, Ollama and vLLM) or `anthropic` (messages).
             * @enum {string}
             */
            provider?: "openai" | "anthropic";
            /** @description Where the model's server is; the provider itself if omitted. */
            baseUrl?: string;
            /** @description Name of the model; required with `provider`. */
            model?: string;
            /** @description Key for the model's server. Kept as it is if omitted and `baseUrl` is of the same server; `null` removes it. */
            key?: string | null;
            /**
             * @description Who writes summaries of hooks; as the installation has it if omitted.
             * @enum {string}
             */
            summaries?: "code" | "model";
            /** @description Limits of one request and of a day; what is omitted is as the installation has it. */
            limits?: {
                requestSeconds?: number;
                outputTokens?: number;
                rounds?: number;
                tokensPerDay?: number;
            };
            /** @description Prices of a million tokens, to show costs. Only with `provider`. */
            prices?: {
                inputPerMillion?: number | null;
                outputPerMillion?: number | null;
                currency?: string;
            };
        };
        PutHooksHookRolloutRequest: {
            /**
             * @description With `shadow`, the version is run beside the live one after the response, and its reply and its effects do not count. With `canary`, its reply and its effects count for a share of the calls.
             * @enum {string}
             */
            kind: "shadow" | "canary";
            /** @description Number of the version. */
            version: number;
            /** @description Percentage of the calls that the version gets, to three decimals. Required for a canary; 100 for a shadow if omitted. */
            share?: number;
            /**
             * @description Which calls get the same version: with `user`, the default, those about the same email address, or else the same user id, or else from the same IP address; with `ip`, those from the same IP address.
             * @enum {string}
             */
            stickyBy?: "user" | "ip";
            /**
             * Format: date-time
             * @description When the rollout ends by itself, at most 30 days from now.
             */
            until: string;
            /** @description When the rollout stops by itself: if more than `failures` percent of the version's calls failed, or if its calls were denied more than `denials` times as often as those of the live version and at least five were; in both cases not before it has had `minCalls` calls, and for denials not before the live version has had as many. `null` turns a rule off. A canary has 1, 3 and 200 if omitted; a shadow is not stopped. */
            stopIf?: {
                failures?: number | null;
                denials?: number | null;
                minCalls?: number;
            };
            /** @description Number of the deployment that is live; if it is another one, nothing is changed. */
            expect?: number;
            /** @description Starts a canary even if a gate of a deployment fails. */
            force?: {
                reason: string;
            };
        };
        PostHooksHookRolloutPromoteRequest: {
            /** @description What is new. */
            message?: string;
            /** @description Number of the deployment that is live; if it is another one, nothing is changed. */
            expect?: number;
            /** @description Deploys even if a gate fails. */
            force?: {
                reason: string;
            };
        };
        PutSecretsNameRequest: {
            /** @description The value, at most 16 KiB. Required for a new secret; if omitted, the stored value stays, and hosts can only be taken from the list: a further host needs the value. */
            value?: string;
            /** @description Hosts that hooks may send the value to, at most 50; `*.example.com` stands for every subdomain. None if omitted. */
            hosts?: string[];
        };
        PostDatabaseQueryRequest: {
            /** @description The statement; parameters are `?` or `$1`. */
            sql: string;
            /** @description Values of its parameters. */
            params?: (null | boolean | number | string)[];
            /** @description Rows in the answer; 100 if omitted. */
            limit?: number;
        };
        PostQueuesQueueRequeueRequest: {
            /**
             * @description Which jobs; always `dead`.
             * @enum {string}
             */
            state: "dead";
            /**
             * Format: date-time
             * @description Only jobs that became dead before this time (RFC 3339).
             */
            before?: string;
        };
        PostInvocationsInvocationReplayRequest: {
            /** @description The version to run: its number, `draft` for the draft as it is saved, or `live` for the one that the environment runs, which is the default. A draft has the number 0. */
            target?: ("live" | "draft") | number;
            /** @description SDK calls that fail, such as `db.query#2=timeout` (the second query) or `http.send=backend_unavailable` (every request). */
            faults?: string[];
        };
        PostInvocationsInvocationCaseRequest: {
            /** @description 1 to 64 of A-Z, a-z, 0-9, _ and -. */
            name: string;
            /** @description What is replaced; everything unless it is given. `addresses`: email addresses before the `@`, phone numbers, IP addresses. `names`: values of `name`. `secrets`: values of members such as `token`. */
            redact?: ("addresses" | "names" | "secrets")[];
        };
        PostBacktestsPlanRequest: {
            /** @description The hook. */
            hook: string;
            /** @description Only recorded invocations at this hook point, with this outcome, of this version, since and before these times. */
            filter?: {
                point?: string;
                outcome?: string;
                /** Format: int32 */
                version?: number;
                /** Format: date-time */
                from?: string;
                /** Format: date-time */
                to?: string;
            };
            /** @description Number of invocations, the newest first; 1,000 if omitted. */
            limit?: number;
        };
        PostBacktestsRequest: {
            /** @description The hook. */
            hook: string;
            /** @description The version to run: its number, `draft` for the draft as it is saved, or `live` for the one that the environment runs, which is the default. A draft has the number 0. */
            target?: ("live" | "draft") | number;
            /** @description Only recorded invocations at this hook point, with this outcome, of this version, since and before these times. */
            filter?: {
                point?: string;
                outcome?: string;
                /** Format: int32 */
                version?: number;
                /** Format: date-time */
                from?: string;
                /** Format: date-time */
                to?: string;
            };
            /** @description Number of invocations, the newest first; 1,000 if omitted. */
            limit?: number;
        };
        PostSigningKeysRotateRequest: {
            /** @description For a leaked key: the new key signs at once, and all tokens issued so far are refused. */
            immediately?: boolean;
        };
        PostUsersRequest: {
            /**
             * Format: idn-email
             * @description Identifies the account.
             */
            email: string;
            /**
             * Format: password
             * @description Must follow the project's password rules. Without a password the user logs in by another method.
             */
            password?: string;
            /** @description Whether the email address is verified. */
            emailVerified?: boolean;
            /** @description Display name. */
            name?: string;
            /**
             * @description Phone number with country code.
             * @example +4930123456
             */
            phone?: string;
            /** @description Data that the user can read and change; at most 16 KiB. */
            metadata?: Record<string, unknown>;
            /** @description Data that the user can read but not change; at most 16 KiB. */
            publicMetadata?: Record<string, unknown>;
        };
        PatchUsersUserRequest: {
            /**
             * Format: idn-email
             * @description A new address is unverified unless `emailVerified` is sent.
             */
            email?: string;
            /** @description Whether the email address is verified. */
            emailVerified?: boolean;
            /** @description Display name. */
            name?: string;
            /**
             * @description Phone number with country code.
             * @example +4930123456
             */
            phone?: string;
            /** @description Whether the phone number is verified. */
            phoneVerified?: boolean;
            /** @description Data that the user can read and change; at most 16 KiB. */
            metadata?: Record<string, unknown>;
            /** @description Data that the user can read but not change; at most 16 KiB. */
            publicMetadata?: Record<string, unknown>;
        };
        PostUsersUserBanRequest: {
            /** @description When the ban ends (RFC 3339); never if omitted. */
            until?: string;
            /** @description A note for other admins. */
            reason?: string;
        };
        PostUsersUserPasswordResetRequest: {
            /**
             * Format: uri
             * @description URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.
             */
            redirectTo?: string;
        };
        PutSettingsAuthRequest: {
            /** @description Name of the project in mails. */
            appName?: string;
            /** @description Whether users can sign up themselves. */
            signUp?: boolean;
            /** @description Whether users must verify their email address before they get a session. */
            confirmEmail?: boolean;
            /** @description Login with one-time codes sent by mail. */
            otpEmail?: boolean;
            /** @description Login with one-time codes sent by text message; a hook delivers the messages. */
            otpSms?: boolean;
            /** @description Login with magic links. */
            magicLink?: boolean;
            /**
             * @description `off`: users cannot enroll a second factor. `optional`: users who have one must use it. `required`: there is no session without one; existing sessions stay active.
             * @enum {string}
             */
            mfa?: "off" | "optional" | "required";
            /** @description `minChars` (8 to 128), `refuseCommon` (refuse common passwords) and `refuseBreached` (refuse passwords that Have I Been Pwned knows; only the first five characters of a hash are sent). */
            password?: Record<string, unknown>;
            /** @description `accessSeconds` (lifetime of an access token, 10 to 86,400), `sessionSeconds` (lifetime of a session, 60 to 31,622,400), `idleSeconds` (lifetime of a session without a refresh, same range), `refreshGraceSeconds` (how long a used refresh token that is sent again gets the same new one, 0 to 300) and `recentSeconds` (how old a recent login may be, 60 to 86,400). */
            sessions?: Record<string, unknown>;
            /** @description `perIpMinute` (requests per minute from one IP address to endpoints that check or create a secret), `failuresPerAccount` (wrong passwords or codes for one account before further attempts are delayed), `sendsPerRecipientHour` (mails and text messages per hour to one recipient at the request of one IP address; all addresses together cause at most three times as many, and those that the account has had a session from as many again) and `perProjectSecond` (requests per second of the environment). */
            limits?: Record<string, unknown>;
            /** @description URLs that links in mails and identity providers may redirect to; the first is the default. */
            redirectUrls?: string[];
        };
        PutSettingsProvidersRequest: {
            /** @description At most 20, each `{ name, preset?, issuer?, clientId, clientSecret?, scopes? }`; `preset` (`google`, `gitlab`, `apple` or `linkedin`) replaces `issuer`. For Apple, `clientSecret` is a JWT that you sign and replace at least every six months. */
            providers: Record<string, unknown>[];
        };
        PutSettingsHttpRequest: {
            /** @description Hosts that hooks may send requests to, at most 200; `*.example.org` stands for every subdomain. A hook must also declare the host. If empty, the hooks' declarations alone decide. */
            hosts: string[];
        };
        PutSettingsMailRequest: {
            /** @description The SMTP server of the project: `smtp://user:password@host:587` or `smtps://…`. A user without a password keeps the stored password of this user of this server. Without `smtpUrl`, the server's own mail settings are used. */
            smtpUrl?: string;
            /** @description Sender address; required with `smtpUrl`, and not allowed without it. */
            from?: string;
            /** @description Address for replies. */
            replyTo?: string;
        };
        PostSettingsMailTestRequest: {
            /**
             * Format: idn-email
             * @description Recipient.
             */
            to: string;
        };
        PutSettingsLimitsRequest: {
            /** @description Fuel: a repeatable count of work; 10,000,000 is about one millisecond. */
            fuel?: number;
            /** @description Memory of the instance in bytes. */
            memoryBytes?: number;
            /** @description Wall-clock time of an invocation in milliseconds, including waiting. */
            deadlineMs?: number;
            /** @description Size of the payload in bytes. */
            payloadBytes?: number;
            /** @description Size of the reply in bytes. */
            replyBytes?: number;
            /** @description Number of log lines; later lines are dropped and counted. */
            logLines?: number;
            /** @description Size of the log in bytes. */
            logBytes?: number;
            /** @description Number of host calls. */
            hostCalls?: number;
            /** @description Bytes transferred by host calls, both directions together. */
            hostBytes?: number;
            /** @description Bytes of host calls stored with an invocation. */
            recordBytes?: number;
            /** @description Rows returned by all queries of an invocation together. */
            dbRows?: number;
            /** @description Time of one SQL statement in milliseconds. */
            dbStatementMs?: number;
            /** @description Number of HTTP requests. */
            httpRequests?: number;
            /** @description Size of one HTTP response in bytes, after decompression. */
            httpResponseBytes?: number;
            /** @description Number of mails. */
            emails?: number;
            /** @description Number of messages added to queues. */
            queueMessages?: number;
        };
        PutSettingsGatesRequest: {
            /** @description The backtest that a version needs before it takes the place of another: of exactly this version, on all recorded invocations of the hook, at least the newest `calls` of them, with at most `mostChangedPercent` percent decided otherwise, 0 if omitted. A hook without recorded invocations needs none. If omitted, no version needs one. */
            backtest?: {
                calls: number;
                mostChangedPercent?: number;
            } | null;
        };
        PutMailTemplatesNameRequest: {
            /** @description Template of the subject. */
            subject: string;
            /** @description Template of the plain-text body. */
            text?: string;
            /** @description Template of the HTML body; inserted values are escaped. */
            html?: string;
        };
        PostMailTemplatesNamePreviewRequest: {
            /** @description Template of the subject. */
            subject?: string;
            /** @description Template of the plain-text body; `null` for none. */
            text?: string | null;
            /** @description Template of the HTML body; `null` for none. */
            html?: string | null;
            /** @description Data; the sample of the server's own mail with this name if omitted. At most 32 KiB. */
            data?: Record<string, unknown>;
        };
        PostWebhooksRequest: {
            /** @description URL that events are sent to by POST; must use https. */
            url: string;
            /** @description Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all. */
            events: string[];
            /** @description Conditions on the event, all of which must hold: `path` (JSON Pointer, RFC 6901) and one of `equals`, `in`, `startsWith`, `endsWith`, `exists`. */
            filter?: {
                path: string;
                equals?: unknown;
                in?: unknown[];
                startsWith?: string;
                endsWith?: string;
                exists?: boolean;
            }[];
            /** @description Description for admins. */
            description?: string;
            /**
             * @description `none`: in any order. `subject`: events about one user in order, each sent only after the previous one was delivered or finally failed.
             * @enum {string}
             */
            order?: "none" | "subject";
            /**
             * @description `included`: one-time codes for text messages are sent to this endpoint for delivery, unless a script hook delivers them.
             * @enum {string}
             */
            codes?: "withheld" | "included";
            /**
             * Format: idn-email
             * @description Address that gets a mail when the endpoint is disabled automatically.
             */
            ownerEmail?: string;
        };
        PatchWebhooksWebhookRequest: {
            /** @description URL that events are sent to by POST; must use https. */
            url?: string;
            /** @description Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all. */
            events?: string[];
            /** @description Conditions on the event, all of which must hold: `path` (JSON Pointer, RFC 6901) and one of `equals`, `in`, `startsWith`, `endsWith`, `exists`. */
            filter?: {
                path: string;
                equals?: unknown;
                in?: unknown[];
                startsWith?: string;
                endsWith?: string;
                exists?: boolean;
            }[];
            /** @description Description for admins. */
            description?: string;
            /**
             * @description `none`: in any order. `subject`: events about one user in order, each sent only after the previous one was delivered or finally failed.
             * @enum {string}
             */
            order?: "none" | "subject";
            /**
             * @description `included`: one-time codes for text messages are sent to this endpoint for delivery, unless a script hook delivers them.
             * @enum {string}
             */
            codes?: "withheld" | "included";
            /**
             * Format: idn-email
             * @description Address that gets a mail when the endpoint is disabled automatically.
             */
            ownerEmail?: string;
            /**
             * @description Whether events are delivered to it.
             * @enum {string}
             */
            state?: "enabled" | "disabled";
        };
        PostWebhooksWebhookRotateSecretRequest: {
            /** @description How long the old secrets stay valid, in seconds; one day if omitted. */
            overlapSeconds?: number;
        };
        PostWebhooksWebhookTestRequest: {
            /** @description Type of event that the message shows, such as `auth.signup`. */
            type?: string;
            /** @description Its data; those of the sample (`GET …/event-types`) if omitted. Only with `type`. */
            data?: Record<string, unknown>;
        };
        PostWebhooksWebhookReplayRequest: {
            /**
             * @description `failed`: deliveries that failed or were canceled. `missing`: events that match the endpoint and have no delivery.
             * @enum {string}
             */
            what: "failed" | "missing";
            /**
             * Format: date-time
             * @description Only events and deliveries since this time (RFC 3339).
             */
            since: string;
            /** @description Number of missing deliveries to create in this request; 20,000 if omitted. Only for `missing`. */
            limit?: number;
            /** @description `next` of the previous response. Only for `missing`. */
            after?: string;
        };
        PostWebhooksWebhookReplayPlanRequest: {
            /**
             * @description `failed`: deliveries that failed or were canceled. `missing`: events that match the endpoint and have no delivery.
             * @enum {string}
             */
            what: "failed" | "missing";
            /**
             * Format: date-time
             * @description Only events and deliveries since this time (RFC 3339).
             */
            since: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Client = components['schemas']['Client'];
export type Limits = components['schemas']['Limits'];
export type Error = components['schemas']['Error'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type Problem = components['schemas']['Problem'];
export type SignUp = components['schemas']['SignUp'];
export type SessionGrant = components['schemas']['SessionGrant'];
export type User = components['schemas']['User'];
export type SessionRef = components['schemas']['SessionRef'];
export type MfaEnrollment = components['schemas']['MfaEnrollment'];
export type FactorType = components['schemas']['FactorType'];
export type ConfirmationRequired = components['schemas']['ConfirmationRequired'];
export type SignIn = components['schemas']['SignIn'];
export type MfaChallenge = components['schemas']['MfaChallenge'];
export type MfaMethod = components['schemas']['MfaMethod'];
export type RevokedSessions = components['schemas']['RevokedSessions'];
export type CurrentUser = components['schemas']['CurrentUser'];
export type AccountDeleted = components['schemas']['AccountDeleted'];
export type SessionList = components['schemas']['SessionList'];
export type Session = components['schemas']['Session'];
export type Accepted = components['schemas']['Accepted'];
export type Done = components['schemas']['Done'];
export type FactorEnrollment = components['schemas']['FactorEnrollment'];
export type FactorConfirmation = components['schemas']['FactorConfirmation'];
export type EnrolledSession = components['schemas']['EnrolledSession'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];
export type FactorList = components['schemas']['FactorList'];
export type Factor = components['schemas']['Factor'];
export type FactorStatus = components['schemas']['FactorStatus'];
export type IdentityList = components['schemas']['IdentityList'];
export type Identity = components['schemas']['Identity'];
export type LinkToken = components['schemas']['LinkToken'];
export type FirstAdmin = components['schemas']['FirstAdmin'];
export type NewAdminToken = components['schemas']['NewAdminToken'];
export type Permission = components['schemas']['Permission'];
export type FirstAccount = components['schemas']['FirstAccount'];
export type AdminAccount = components['schemas']['AdminAccount'];
export type AdminTokenList = components['schemas']['AdminTokenList'];
export type AdminToken = components['schemas']['AdminToken'];
export type Deleted = components['schemas']['Deleted'];
export type AdminSignIn = components['schemas']['AdminSignIn'];
export type AdminSignInState = components['schemas']['AdminSignInState'];
export type FreshProof = components['schemas']['FreshProof'];
export type CurrentAdmin = components['schemas']['CurrentAdmin'];
export type CallerKind = components['schemas']['CallerKind'];
export type ProjectRole = components['schemas']['ProjectRole'];
export type Role = components['schemas']['Role'];
export type AdminSessionList = components['schemas']['AdminSessionList'];
export type AdminSession = components['schemas']['AdminSession'];
export type EndedSessions = components['schemas']['EndedSessions'];
export type TotpEnrollment = components['schemas']['TotpEnrollment'];
export type AdminRecoveryCodes = components['schemas']['AdminRecoveryCodes'];
export type PersonalTokenList = components['schemas']['PersonalTokenList'];
export type PersonalToken = components['schemas']['PersonalToken'];
export type NewPersonalToken = components['schemas']['NewPersonalToken'];
export type AdminAccountList = components['schemas']['AdminAccountList'];
export type NewPasswordReset = components['schemas']['NewPasswordReset'];
export type MemberList = components['schemas']['MemberList'];
export type Member = components['schemas']['Member'];
export type AcceptedInvitation = components['schemas']['AcceptedInvitation'];
export type InvitationList = components['schemas']['InvitationList'];
export type Invitation = components['schemas']['Invitation'];
export type NewInvitation = components['schemas']['NewInvitation'];
export type ServerMeta = components['schemas']['ServerMeta'];
export type ServerEngine = components['schemas']['ServerEngine'];
export type ServerFeatures = components['schemas']['ServerFeatures'];
export type ServerLimits = components['schemas']['ServerLimits'];
export type EffectiveLimits = components['schemas']['EffectiveLimits'];
export type ProjectList = components['schemas']['ProjectList'];
export type Project = components['schemas']['Project'];
export type ProjectKeys = components['schemas']['ProjectKeys'];
export type Environment = components['schemas']['Environment'];
export type ApiKeyList = components['schemas']['ApiKeyList'];
export type ApiKey = components['schemas']['ApiKey'];
export type ApiKeyKind = components['schemas']['ApiKeyKind'];
export type NewApiKey = components['schemas']['NewApiKey'];
export type HookList = components['schemas']['HookList'];
export type HookSummary = components['schemas']['HookSummary'];
export type DraftSummary = components['schemas']['DraftSummary'];
export type DraftBase = components['schemas']['DraftBase'];
export type HookEnvironment = components['schemas']['HookEnvironment'];
export type HookState = components['schemas']['HookState'];
export type VersionSummary = components['schemas']['VersionSummary'];
export type CodeSummary = components['schemas']['CodeSummary'];
export type SummarySource = components['schemas']['SummarySource'];
export type CodeFacts = components['schemas']['CodeFacts'];
export type DenialFact = components['schemas']['DenialFact'];
export type Draft = components['schemas']['Draft'];
export type SourceFile = components['schemas']['SourceFile'];
export type BundledPackage = components['schemas']['BundledPackage'];
export type BuildSettings = components['schemas']['BuildSettings'];
export type HookCheck = components['schemas']['HookCheck'];
export type Diagnostic = components['schemas']['Diagnostic'];
export type DiagnosticSeverity = components['schemas']['DiagnosticSeverity'];
export type Manifest = components['schemas']['Manifest'];
export type ManifestEngine = components['schemas']['ManifestEngine'];
export type JobPriority = components['schemas']['JobPriority'];
export type TypeCheck = components['schemas']['TypeCheck'];
export type TypeStatus = components['schemas']['TypeStatus'];
export type VersionList = components['schemas']['VersionList'];
export type Version = components['schemas']['Version'];
export type VersionFiles = components['schemas']['VersionFiles'];
export type SourcesState = components['schemas']['SourcesState'];
export type HookComparison = components['schemas']['HookComparison'];
export type ComparedSide = components['schemas']['ComparedSide'];
export type FileChange = components['schemas']['FileChange'];
export type PackageChange = components['schemas']['PackageChange'];
export type ManifestChanges = components['schemas']['ManifestChanges'];
export type Difference = components['schemas']['Difference'];
export type LimitChange = components['schemas']['LimitChange'];
export type ScheduleChange = components['schemas']['ScheduleChange'];
export type DeploymentList = components['schemas']['DeploymentList'];
export type Deployment = components['schemas']['Deployment'];
export type DeploymentResult = components['schemas']['DeploymentResult'];
export type MissingSecret = components['schemas']['MissingSecret'];
export type PointHook = components['schemas']['PointHook'];
export type FailurePolicy = components['schemas']['FailurePolicy'];
export type LiveHook = components['schemas']['LiveHook'];
export type RunningRollout = components['schemas']['RunningRollout'];
export type RolloutKind = components['schemas']['RolloutKind'];
export type BreakerState = components['schemas']['BreakerState'];
export type DeploymentPlan = components['schemas']['DeploymentPlan'];
export type PlannedChange = components['schemas']['PlannedChange'];
export type ChangeKind = components['schemas']['ChangeKind'];
export type PlannedVersion = components['schemas']['PlannedVersion'];
export type Gate = components['schemas']['Gate'];
export type GateName = components['schemas']['GateName'];
export type GateState = components['schemas']['GateState'];
export type DeploymentDetail = components['schemas']['DeploymentDetail'];
export type DeployedHook = components['schemas']['DeployedHook'];
export type MigrationList = components['schemas']['MigrationList'];
export type Migration = components['schemas']['Migration'];
export type LiveHooks = components['schemas']['LiveHooks'];
export type HookStateResult = components['schemas']['HookStateResult'];
export type EndpointList = components['schemas']['EndpointList'];
export type EndpointWithHooks = components['schemas']['EndpointWithHooks'];
export type EndpointPoint = components['schemas']['EndpointPoint'];
export type PlaceStatus = components['schemas']['PlaceStatus'];
export type DayFigures = components['schemas']['DayFigures'];
export type LastInvocation = components['schemas']['LastInvocation'];
export type InvocationOutcome = components['schemas']['InvocationOutcome'];
export type EndpointHook = components['schemas']['EndpointHook'];
export type EndpointEvent = components['schemas']['EndpointEvent'];
export type EndpointWebhook = components['schemas']['EndpointWebhook'];
export type WebhookState = components['schemas']['WebhookState'];
export type HourFigures = components['schemas']['HourFigures'];
export type HookPointList = components['schemas']['HookPointList'];
export type HookPointDescription = components['schemas']['HookPointDescription'];
export type HookPhase = components['schemas']['HookPhase'];
export type InputSample = components['schemas']['InputSample'];
export type HookEventDescription = components['schemas']['HookEventDescription'];
export type HookTemplateList = components['schemas']['HookTemplateList'];
export type HookTemplate = components['schemas']['HookTemplate'];
export type TemplateMigration = components['schemas']['TemplateMigration'];
export type HookTemplateCase = components['schemas']['HookTemplateCase'];
export type SdkTypes = components['schemas']['SdkTypes'];
export type HookRun = components['schemas']['HookRun'];
export type Reply = components['schemas']['Reply'];
export type HookError = components['schemas']['HookError'];
export type LogLine = components['schemas']['LogLine'];
export type LogLevel = components['schemas']['LogLevel'];
export type HostCall = components['schemas']['HostCall'];
export type TestEffect = components['schemas']['TestEffect'];
export type TestEffectKind = components['schemas']['TestEffectKind'];
export type TriedRequest = components['schemas']['TriedRequest'];
export type TryMode = components['schemas']['TryMode'];
export type TriedMessage = components['schemas']['TriedMessage'];
export type TriedResponse = components['schemas']['TriedResponse'];
export type TryStep = components['schemas']['TryStep'];
export type TryStepKind = components['schemas']['TryStepKind'];
export type TryEffect = components['schemas']['TryEffect'];
export type TryEffectKind = components['schemas']['TryEffectKind'];
export type TryOperation = components['schemas']['TryOperation'];
export type TryFollowUp = components['schemas']['TryFollowUp'];
export type TryFollowUpKind = components['schemas']['TryFollowUpKind'];
export type HookCaseList = components['schemas']['HookCaseList'];
export type HookCase = components['schemas']['HookCase'];
export type HookCaseRun = components['schemas']['HookCaseRun'];
export type ReplayTarget = components['schemas']['ReplayTarget'];
export type HookCaseResult = components['schemas']['HookCaseResult'];
export type Proposal = components['schemas']['Proposal'];
export type AssistantProvider = components['schemas']['AssistantProvider'];
export type ProposalRound = components['schemas']['ProposalRound'];
export type CaseResults = components['schemas']['CaseResults'];
export type FailedCase = components['schemas']['FailedCase'];
export type CapabilityChange = components['schemas']['CapabilityChange'];
export type ProposedCase = components['schemas']['ProposedCase'];
export type HiddenCharacters = components['schemas']['HiddenCharacters'];
export type AssistantSettings = components['schemas']['AssistantSettings'];
export type AssistantState = components['schemas']['AssistantState'];
export type AssistantOrigin = components['schemas']['AssistantOrigin'];
export type AssistantLimits = components['schemas']['AssistantLimits'];
export type AssistantPrices = components['schemas']['AssistantPrices'];
export type AssistantDayUsage = components['schemas']['AssistantDayUsage'];
export type AssistantTest = components['schemas']['AssistantTest'];
export type RolloutList = components['schemas']['RolloutList'];
export type Rollout = components['schemas']['Rollout'];
export type RolloutKey = components['schemas']['RolloutKey'];
export type RolloutStop = components['schemas']['RolloutStop'];
export type RolloutState = components['schemas']['RolloutState'];
export type RolloutVerdict = components['schemas']['RolloutVerdict'];
export type RolloutComparison = components['schemas']['RolloutComparison'];
export type RolloutSide = components['schemas']['RolloutSide'];
export type Percentiles = components['schemas']['Percentiles'];
export type ShadowFigures = components['schemas']['ShadowFigures'];
export type SecretList = components['schemas']['SecretList'];
export type Secret = components['schemas']['Secret'];
export type SecretUse = components['schemas']['SecretUse'];
export type DatabaseTableList = components['schemas']['DatabaseTableList'];
export type DatabaseTable = components['schemas']['DatabaseTable'];
export type DatabaseTableKind = components['schemas']['DatabaseTableKind'];
export type DatabaseTableDetail = components['schemas']['DatabaseTableDetail'];
export type DatabaseColumn = components['schemas']['DatabaseColumn'];
export type DatabaseIndex = components['schemas']['DatabaseIndex'];
export type DatabaseReference = components['schemas']['DatabaseReference'];
export type DatabaseRows = components['schemas']['DatabaseRows'];
export type DatabaseQueryResult = components['schemas']['DatabaseQueryResult'];
export type JobList = components['schemas']['JobList'];
export type JobSummary = components['schemas']['JobSummary'];
export type JobState = components['schemas']['JobState'];
export type Job = components['schemas']['Job'];
export type QueueList = components['schemas']['QueueList'];
export type QueueCounts = components['schemas']['QueueCounts'];
export type QueueConsumer = components['schemas']['QueueConsumer'];
export type RequeuedJobs = components['schemas']['RequeuedJobs'];
export type ScheduleList = components['schemas']['ScheduleList'];
export type Schedule = components['schemas']['Schedule'];
export type ScheduleRun = components['schemas']['ScheduleRun'];
export type BackgroundFailures = components['schemas']['BackgroundFailures'];
export type WebhookEndpoint = components['schemas']['WebhookEndpoint'];
export type WebhookCondition = components['schemas']['WebhookCondition'];
export type WebhookDisabledBy = components['schemas']['WebhookDisabledBy'];
export type WebhookOrder = components['schemas']['WebhookOrder'];
export type WebhookCodes = components['schemas']['WebhookCodes'];
export type InvocationList = components['schemas']['InvocationList'];
export type Invocation = components['schemas']['Invocation'];
export type InvocationMode = components['schemas']['InvocationMode'];
export type Denial = components['schemas']['Denial'];
export type InvocationHistogram = components['schemas']['InvocationHistogram'];
export type InvocationBucket = components['schemas']['InvocationBucket'];
export type FigureSeries = components['schemas']['FigureSeries'];
export type FigureMetric = components['schemas']['FigureMetric'];
export type FigureKey = components['schemas']['FigureKey'];
export type Figures = components['schemas']['Figures'];
export type RequestTrace = components['schemas']['RequestTrace'];
export type InvocationDetail = components['schemas']['InvocationDetail'];
export type InvocationContext = components['schemas']['InvocationContext'];
export type ContextRequest = components['schemas']['ContextRequest'];
export type ContextVersion = components['schemas']['ContextVersion'];
export type Completeness = components['schemas']['Completeness'];
export type Event = components['schemas']['Event'];
export type Mail = components['schemas']['Mail'];
export type MailState = components['schemas']['MailState'];
export type Delivery = components['schemas']['Delivery'];
export type DeliveryState = components['schemas']['DeliveryState'];
export type SearchResults = components['schemas']['SearchResults'];
export type SearchResult = components['schemas']['SearchResult'];
export type SearchKind = components['schemas']['SearchKind'];
export type ReplayResult = components['schemas']['ReplayResult'];
export type ReplayVerdict = components['schemas']['ReplayVerdict'];
export type ReplayReason = components['schemas']['ReplayReason'];
export type ReplayReasonCode = components['schemas']['ReplayReasonCode'];
export type ReplayDivergence = components['schemas']['ReplayDivergence'];
export type ReplayQuestion = components['schemas']['ReplayQuestion'];
export type ReplaySide = components['schemas']['ReplaySide'];
export type Recording = components['schemas']['Recording'];
export type RecordingCall = components['schemas']['RecordingCall'];
export type BacktestList = components['schemas']['BacktestList'];
export type Backtest = components['schemas']['Backtest'];
export type BacktestState = components['schemas']['BacktestState'];
export type BacktestFigures = components['schemas']['BacktestFigures'];
export type BacktestChange = components['schemas']['BacktestChange'];
export type BacktestPlan = components['schemas']['BacktestPlan'];
export type BacktestRowList = components['schemas']['BacktestRowList'];
export type BacktestRow = components['schemas']['BacktestRow'];
export type BacktestKind = components['schemas']['BacktestKind'];
export type SigningKeyList = components['schemas']['SigningKeyList'];
export type SigningKey = components['schemas']['SigningKey'];
export type SigningKeyState = components['schemas']['SigningKeyState'];
export type SigningKeyRotation = components['schemas']['SigningKeyRotation'];
export type AuditLog = components['schemas']['AuditLog'];
export type AuditEntry = components['schemas']['AuditEntry'];
export type UserList = components['schemas']['UserList'];
export type AdminUser = components['schemas']['AdminUser'];
export type UserEnvelope = components['schemas']['UserEnvelope'];
export type UserExport = components['schemas']['UserExport'];
export type ExportedSession = components['schemas']['ExportedSession'];
export type ExportedIdentity = components['schemas']['ExportedIdentity'];
export type ExportedFactor = components['schemas']['ExportedFactor'];
export type ExportedFactorKind = components['schemas']['ExportedFactorKind'];
export type ExportedFactorState = components['schemas']['ExportedFactorState'];
export type ExportedEvent = components['schemas']['ExportedEvent'];
export type UserSessionList = components['schemas']['UserSessionList'];
export type UserSession = components['schemas']['UserSession'];
export type UserFactorList = components['schemas']['UserFactorList'];
export type UserIdentityList = components['schemas']['UserIdentityList'];
export type QueuedMail = components['schemas']['QueuedMail'];
export type AuthSettings = components['schemas']['AuthSettings'];
export type MfaPolicy = components['schemas']['MfaPolicy'];
export type PasswordSettings = components['schemas']['PasswordSettings'];
export type SessionSettings = components['schemas']['SessionSettings'];
export type RateSettings = components['schemas']['RateSettings'];
export type IdentityProviders = components['schemas']['IdentityProviders'];
export type IdentityProvider = components['schemas']['IdentityProvider'];
export type StoredIdentityProviders = components['schemas']['StoredIdentityProviders'];
export type HttpSettings = components['schemas']['HttpSettings'];
export type MailSettings = components['schemas']['MailSettings'];
export type MailTest = components['schemas']['MailTest'];
export type MailTestResult = components['schemas']['MailTestResult'];
export type LimitSettings = components['schemas']['LimitSettings'];
export type GateSettings = components['schemas']['GateSettings'];
export type BacktestGate = components['schemas']['BacktestGate'];
export type MailList = components['schemas']['MailList'];
export type MailDetail = components['schemas']['MailDetail'];
export type MailTemplateList = components['schemas']['MailTemplateList'];
export type MailTemplate = components['schemas']['MailTemplate'];
export type MailPreview = components['schemas']['MailPreview'];
export type OwnMailTemplateList = components['schemas']['OwnMailTemplateList'];
export type OwnMailTemplate = components['schemas']['OwnMailTemplate'];
export type MailVariable = components['schemas']['MailVariable'];
export type EventTypeList = components['schemas']['EventTypeList'];
export type EventType = components['schemas']['EventType'];
export type EventList = components['schemas']['EventList'];
export type WebhookEndpointList = components['schemas']['WebhookEndpointList'];
export type NewWebhookEndpoint = components['schemas']['NewWebhookEndpoint'];
export type WebhookSecret = components['schemas']['WebhookSecret'];
export type Replayed = components['schemas']['Replayed'];
export type ReplayPlan = components['schemas']['ReplayPlan'];
export type ReplayCount = components['schemas']['ReplayCount'];
export type DeliveryList = components['schemas']['DeliveryList'];
export type ListedDelivery = components['schemas']['ListedDelivery'];
export type DeliveryDetail = components['schemas']['DeliveryDetail'];
export type DeliveryRequest = components['schemas']['DeliveryRequest'];
export type Attempt = components['schemas']['Attempt'];
export type AttemptHeader = components['schemas']['AttemptHeader'];
export type Health = components['schemas']['Health'];
export type Readiness = components['schemas']['Readiness'];
export type ReadinessStatus = components['schemas']['ReadinessStatus'];
export type Check = components['schemas']['Check'];
export type JwkSet = components['schemas']['JwkSet'];
export type Jwk = components['schemas']['Jwk'];
export type PostAuthRegisterRequest = components['schemas']['PostAuthRegisterRequest'];
export type PostAuthLoginRequest = components['schemas']['PostAuthLoginRequest'];
export type PostAuthRefreshRequest = components['schemas']['PostAuthRefreshRequest'];
export type PostAuthLogoutRequest = components['schemas']['PostAuthLogoutRequest'];
export type PatchAuthMeRequest = components['schemas']['PatchAuthMeRequest'];
export type DeleteAuthMeRequest = components['schemas']['DeleteAuthMeRequest'];
export type PostAuthEmailVerifySendRequest = components['schemas']['PostAuthEmailVerifySendRequest'];
export type PostAuthEmailVerifyRequest = components['schemas']['PostAuthEmailVerifyRequest'];
export type PostAuthEmailChangeRequest = components['schemas']['PostAuthEmailChangeRequest'];
export type PostAuthEmailChangeConfirmRequest = components['schemas']['PostAuthEmailChangeConfirmRequest'];
export type PostAuthPasswordForgotRequest = components['schemas']['PostAuthPasswordForgotRequest'];
export type PostAuthPasswordResetRequest = components['schemas']['PostAuthPasswordResetRequest'];
export type PostAuthPasswordChangeRequest = components['schemas']['PostAuthPasswordChangeRequest'];
export type PostAuthOtpSendRequest = components['schemas']['PostAuthOtpSendRequest'];
export type PostAuthOtpVerifyRequest = components['schemas']['PostAuthOtpVerifyRequest'];
export type PostAuthPhoneVerifySendRequest = components['schemas']['PostAuthPhoneVerifySendRequest'];
export type PostAuthPhoneVerifyRequest = components['schemas']['PostAuthPhoneVerifyRequest'];
export type PostAuthMagicLinkSendRequest = components['schemas']['PostAuthMagicLinkSendRequest'];
export type PostAuthMagicLinkVerifyRequest = components['schemas']['PostAuthMagicLinkVerifyRequest'];
export type PostAuthMfaEnrollRequest = components['schemas']['PostAuthMfaEnrollRequest'];
export type PostAuthMfaEnrollConfirmRequest = components['schemas']['PostAuthMfaEnrollConfirmRequest'];
export type DeleteAuthMfaFactorsIdRequest = components['schemas']['DeleteAuthMfaFactorsIdRequest'];
export type PostAuthMfaRecoveryCodesRequest = components['schemas']['PostAuthMfaRecoveryCodesRequest'];
export type PostAuthMfaVerifyRequest = components['schemas']['PostAuthMfaVerifyRequest'];
export type PostAuthOauthCallbackRequest = components['schemas']['PostAuthOauthCallbackRequest'];
export type PostAuthOauthProviderLinkRequest = components['schemas']['PostAuthOauthProviderLinkRequest'];
export type PostAuthOauthLinkRequest = components['schemas']['PostAuthOauthLinkRequest'];
export type PostAuthOauthTokenRequest = components['schemas']['PostAuthOauthTokenRequest'];
export type PostAdminApiV1SetupRequest = components['schemas']['PostAdminApiV1SetupRequest'];
export type PostAdminApiV1TokensRequest = components['schemas']['PostAdminApiV1TokensRequest'];
export type PostAdminApiV1TokensTokenRotateRequest = components['schemas']['PostAdminApiV1TokensTokenRotateRequest'];
export type PostAdminApiV1ProjectsProjectTokensRequest = components['schemas']['PostAdminApiV1ProjectsProjectTokensRequest'];
export type PostAdminApiV1ProjectsProjectTokensTokenRotateRequest = components['schemas']['PostAdminApiV1ProjectsProjectTokensTokenRotateRequest'];
export type PostAdminApiV1SessionRequest = components['schemas']['PostAdminApiV1SessionRequest'];
export type PostAdminApiV1SessionTotpRequest = components['schemas']['PostAdminApiV1SessionTotpRequest'];
export type PostAdminApiV1SessionConfirmRequest = components['schemas']['PostAdminApiV1SessionConfirmRequest'];
export type PostAdminApiV1AccountPasswordRequest = components['schemas']['PostAdminApiV1AccountPasswordRequest'];
export type PostAdminApiV1AccountTotpConfirmRequest = components['schemas']['PostAdminApiV1AccountTotpConfirmRequest'];
export type PostAdminApiV1AccountTokensRequest = components['schemas']['PostAdminApiV1AccountTokensRequest'];
export type PostAdminApiV1AccountsRequest = components['schemas']['PostAdminApiV1AccountsRequest'];
export type PatchAdminApiV1AccountsAccountRequest = components['schemas']['PatchAdminApiV1AccountsAccountRequest'];
export type PostAdminApiV1PasswordResetRequest = components['schemas']['PostAdminApiV1PasswordResetRequest'];
export type PostAdminApiV1PasswordResetConfirmRequest = components['schemas']['PostAdminApiV1PasswordResetConfirmRequest'];
export type PostAdminApiV1ProjectsProjectMembersRequest = components['schemas']['PostAdminApiV1ProjectsProjectMembersRequest'];
export type PatchAdminApiV1ProjectsProjectMembersMemberRequest = components['schemas']['PatchAdminApiV1ProjectsProjectMembersMemberRequest'];
export type PostAdminApiV1InvitationsAcceptRequest = components['schemas']['PostAdminApiV1InvitationsAcceptRequest'];
export type PostAdminApiV1InvitationsRequest = components['schemas']['PostAdminApiV1InvitationsRequest'];
export type PostAdminApiV1ProjectsProjectInvitationsRequest = components['schemas']['PostAdminApiV1ProjectsProjectInvitationsRequest'];
export type PostAdminApiV1ProjectsRequest = components['schemas']['PostAdminApiV1ProjectsRequest'];
export type PatchAdminApiV1ProjectsProjectRequest = components['schemas']['PatchAdminApiV1ProjectsProjectRequest'];
export type DeleteAdminApiV1ProjectsProjectRequest = components['schemas']['DeleteAdminApiV1ProjectsProjectRequest'];
export type PostAdminApiV1ProjectsProjectEnvironmentsRequest = components['schemas']['PostAdminApiV1ProjectsProjectEnvironmentsRequest'];
export type PatchAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest = components['schemas']['PatchAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest'];
export type DeleteAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest = components['schemas']['DeleteAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest'];
export type PostKeysRequest = components['schemas']['PostKeysRequest'];
export type PostKeysKeyRotateRequest = components['schemas']['PostKeysKeyRotateRequest'];
export type PostAdminApiV1ProjectsProjectHooksRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookDraftRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookDraftRequest'];
export type PutAdminApiV1ProjectsProjectHooksHookDraftRequest = components['schemas']['PutAdminApiV1ProjectsProjectHooksHookDraftRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookCheckRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookCheckRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookVersionsRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookVersionsRequest'];
export type PostDeploymentsRequest = components['schemas']['PostDeploymentsRequest'];
export type PostDeploymentsPlanRequest = components['schemas']['PostDeploymentsPlanRequest'];
export type PostDeploymentsNumberRollbackRequest = components['schemas']['PostDeploymentsNumberRollbackRequest'];
export type PatchHooksHookRequest = components['schemas']['PatchHooksHookRequest'];
export type PostHooksHookRunRequest = components['schemas']['PostHooksHookRunRequest'];
export type PostTryRequest = components['schemas']['PostTryRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookCasesRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookCasesRequest'];
export type PutAdminApiV1ProjectsProjectHooksHookCasesCaseRequest = components['schemas']['PutAdminApiV1ProjectsProjectHooksHookCasesCaseRequest'];
export type PostHooksHookCasesRunRequest = components['schemas']['PostHooksHookCasesRunRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookAssistantRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookAssistantRequest'];
export type PostAdminApiV1ProjectsProjectHooksHookProposalsProposalApplyRequest = components['schemas']['PostAdminApiV1ProjectsProjectHooksHookProposalsProposalApplyRequest'];
export type PutAdminApiV1ProjectsProjectSettingsAssistantRequest = components['schemas']['PutAdminApiV1ProjectsProjectSettingsAssistantRequest'];
export type PutHooksHookRolloutRequest = components['schemas']['PutHooksHookRolloutRequest'];
export type PostHooksHookRolloutPromoteRequest = components['schemas']['PostHooksHookRolloutPromoteRequest'];
export type PutSecretsNameRequest = components['schemas']['PutSecretsNameRequest'];
export type PostDatabaseQueryRequest = components['schemas']['PostDatabaseQueryRequest'];
export type PostQueuesQueueRequeueRequest = components['schemas']['PostQueuesQueueRequeueRequest'];
export type PostInvocationsInvocationReplayRequest = components['schemas']['PostInvocationsInvocationReplayRequest'];
export type PostInvocationsInvocationCaseRequest = components['schemas']['PostInvocationsInvocationCaseRequest'];
export type PostBacktestsPlanRequest = components['schemas']['PostBacktestsPlanRequest'];
export type PostBacktestsRequest = components['schemas']['PostBacktestsRequest'];
export type PostSigningKeysRotateRequest = components['schemas']['PostSigningKeysRotateRequest'];
export type PostUsersRequest = components['schemas']['PostUsersRequest'];
export type PatchUsersUserRequest = components['schemas']['PatchUsersUserRequest'];
export type PostUsersUserBanRequest = components['schemas']['PostUsersUserBanRequest'];
export type PostUsersUserPasswordResetRequest = components['schemas']['PostUsersUserPasswordResetRequest'];
export type PutSettingsAuthRequest = components['schemas']['PutSettingsAuthRequest'];
export type PutSettingsProvidersRequest = components['schemas']['PutSettingsProvidersRequest'];
export type PutSettingsHttpRequest = components['schemas']['PutSettingsHttpRequest'];
export type PutSettingsMailRequest = components['schemas']['PutSettingsMailRequest'];
export type PostSettingsMailTestRequest = components['schemas']['PostSettingsMailTestRequest'];
export type PutSettingsLimitsRequest = components['schemas']['PutSettingsLimitsRequest'];
export type PutSettingsGatesRequest = components['schemas']['PutSettingsGatesRequest'];
export type PutMailTemplatesNameRequest = components['schemas']['PutMailTemplatesNameRequest'];
export type PostMailTemplatesNamePreviewRequest = components['schemas']['PostMailTemplatesNamePreviewRequest'];
export type PostWebhooksRequest = components['schemas']['PostWebhooksRequest'];
export type PatchWebhooksWebhookRequest = components['schemas']['PatchWebhooksWebhookRequest'];
export type PostWebhooksWebhookRotateSecretRequest = components['schemas']['PostWebhooksWebhookRotateSecretRequest'];
export type PostWebhooksWebhookTestRequest = components['schemas']['PostWebhooksWebhookTestRequest'];
export type PostWebhooksWebhookReplayRequest = components['schemas']['PostWebhooksWebhookReplayRequest'];
export type PostWebhooksWebhookReplayPlanRequest = components['schemas']['PostWebhooksWebhookReplayPlanRequest'];
export type $defs = Record<string, never>;
export interface operations {
    postAuthRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery",
                 *       "name": "Ada"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthRegisterRequest"];
            };
        };
        responses: {
            /** @description The account and a session. If the project requires a second factor: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignUp"];
                };
            };
            /** @description The account and a session. If the project requires a second factor: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignUp"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthLoginRequest"];
            };
        };
        responses: {
            /** @description A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "rt_4fV0m2cN7nq3nS0Kp2pX9yq0m3cYxg3d8Zk1uJ5sTgE"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthRefreshRequest"];
            };
        };
        responses: {
            /** @description The session with new tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionGrant"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthLogout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scope": "this"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthLogoutRequest"];
            };
        };
        responses: {
            /** @description The number of sessions revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revoked": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RevokedSessions"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "name": "Ada",
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CurrentUser"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAuthMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteAuthMeRequest"];
            };
        };
        responses: {
            /** @description The account was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true
                     *     }
                     */
                    "application/json": components["schemas"]["AccountDeleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAuthMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada Lovelace"
                 *     }
                 */
                "application/json": components["schemas"]["PatchAuthMeRequest"];
            };
        };
        responses: {
            /** @description The updated user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "name": "Ada",
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CurrentUser"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessions": [
                     *         {
                     *           "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30",
                     *           "current": true,
                     *           "provider": "password",
                     *           "ip": "203.0.113.9",
                     *           "user_agent": "Mozilla/5.0",
                     *           "created_at": "2026-01-31T12:00:00.000Z",
                     *           "last_used_at": "2026-01-31T12:00:00.000Z",
                     *           "expires_at": "2026-03-02T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAuthSessionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of sessions revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revoked": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RevokedSessions"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthEmailVerifySend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthEmailVerifySendRequest"];
            };
        };
        responses: {
            /** @description Accepted. A mail is sent if there is an unverified account. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthEmailVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ot_…"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthEmailVerifyRequest"];
            };
        };
        responses: {
            /** @description The address is verified. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@new.example"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthEmailChangeRequest"];
            };
        };
        responses: {
            /** @description Accepted. A mail is sent to the new address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthEmailChangeConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ot_…"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthEmailChangeConfirmRequest"];
            };
        };
        responses: {
            /** @description The account has the new address. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthPasswordForgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthPasswordForgotRequest"];
            };
        };
        responses: {
            /** @description Accepted. A mail is sent if there is such an account. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ot_…",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthPasswordResetRequest"];
            };
        };
        responses: {
            /** @description The password was changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthPasswordChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current_password": "correct horse battery",
                 *       "password": "another horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthPasswordChangeRequest"];
            };
        };
        responses: {
            /** @description The password was changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOtpSend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "channel": "email",
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthOtpSendRequest"];
            };
        };
        responses: {
            /** @description Accepted. A code is sent if the recipient can log in. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOtpVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "channel": "email",
                 *       "email": "ada@example.com",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthOtpVerifyRequest"];
            };
        };
        responses: {
            /** @description A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthPhoneVerifySend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "phone": "+4930123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthPhoneVerifySendRequest"];
            };
        };
        responses: {
            /** @description Accepted. The code is being sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthPhoneVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthPhoneVerifyRequest"];
            };
        };
        responses: {
            /** @description The number is verified. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMagicLinkSend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "create_user": true
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMagicLinkSendRequest"];
            };
        };
        responses: {
            /** @description Accepted. A mail is sent if the address can log in. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMagicLinkVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ot_…"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMagicLinkVerifyRequest"];
            };
        };
        responses: {
            /** @description A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMfaEnroll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "My phone"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMfaEnrollRequest"];
            };
        };
        responses: {
            /** @description The secret for the app, returned only here: as text, and as an `otpauth` URL for a QR code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "factor_id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *       "secret": "JBSWY3DPEHPK3PXP…",
                     *       "otpauth_url": "otpauth://totp/…"
                     *     }
                     */
                    "application/json": components["schemas"]["FactorEnrollment"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMfaEnrollConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "factor_id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMfaEnrollConfirmRequest"];
            };
        };
        responses: {
            /** @description Ten recovery codes, each usable once instead of a code from the app; with `token`, also the session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recovery_codes": [
                     *         "x3k9-0abc-7def"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FactorConfirmation"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthMfaFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The factors, and the number of unused recovery codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "factors": [
                     *         {
                     *           "id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "type": "totp",
                     *           "name": "My phone",
                     *           "status": "verified",
                     *           "created_at": "2026-01-31T12:00:00.000Z",
                     *           "verified_at": "2026-01-31T12:01:00.000Z"
                     *         }
                     *       ],
                     *       "recovery_codes_left": 10
                     *     }
                     */
                    "application/json": components["schemas"]["FactorList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAuthMfaFactorsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteAuthMfaFactorsIdRequest"];
            };
        };
        responses: {
            /** @description The factor was removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMfaRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMfaRecoveryCodesRequest"];
            };
        };
        responses: {
            /** @description Ten recovery codes, each usable once instead of a code from the app; returned only here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recovery_codes": [
                     *         "x3k9-0abc-7def"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthMfaVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ot_…",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthMfaVerifyRequest"];
            };
        };
        responses: {
            /** @description A session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionGrant"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The identities, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identities": [
                     *         {
                     *           "provider": "google",
                     *           "email": "ada@example.com",
                     *           "created_at": "2026-01-31T12:00:00.000Z",
                     *           "last_used_at": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAuthIdentitiesProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The remaining identities. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identities": []
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthOauthProviderAuthorize: {
        parameters: {
            query: {
                /** @description The publishable key of the project. */
                key: string;
                /** @description URL to return to; must be one of the project's redirect URLs. The first of them if omitted. */
                redirect_to?: string;
                /** @description PKCE code challenge (RFC 7636, S256): base64url of the SHA-256 of a secret that the app keeps and sends to `POST /auth/oauth/token` as `code_verifier`. */
                code_challenge?: string;
                /** @description Token from `POST /auth/oauth/{provider}/link`. The code is then for `POST /auth/oauth/link` instead of a login. */
                link?: string;
            };
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirect to the provider. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAuthOauthCallback: {
        parameters: {
            query: {
                /** @description The state sent to the provider; works once, within ten minutes, in the same browser. */
                state: string;
                /** @description Authorization code from the provider. */
                code?: string;
                /** @description Error code from the provider (RFC 6749, 4.1.2.1). */
                error?: string;
                /** @description Issuer identifier of the provider (RFC 9207). */
                iss?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirect to the app. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOauthCallback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The form as the provider sends it. */
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["PostAuthOauthCallbackRequest"];
            };
        };
        responses: {
            /** @description Redirect to `GET /auth/oauth/callback`. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOauthProviderLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostAuthOauthProviderLinkRequest"];
            };
        };
        responses: {
            /** @description The token for `link`; works once, for five minutes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "ot_…",
                     *       "expires_in": 300
                     *     }
                     */
                    "application/json": components["schemas"]["LinkToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOauthLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "ot_…"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthOauthLinkRequest"];
            };
        };
        responses: {
            /** @description All identities linked to the account, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identities": [
                     *         {
                     *           "provider": "google",
                     *           "email": "ada@example.com",
                     *           "created_at": "2026-01-31T12:00:00.000Z",
                     *           "last_used_at": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAuthOauthToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "ot_…"
                 *     }
                 */
                "application/json": components["schemas"]["PostAuthOauthTokenRequest"];
            };
        };
        responses: {
            /** @description A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "session": {
                     *         "id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *       },
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "refresh_token": "rt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "set_…",
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1SetupRequest"];
            };
        };
        responses: {
            /** @description The account, which can sign in now; or the admin token, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "adm_…",
                     *       "name": "ci",
                     *       "token": "pt_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["FirstAdmin"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokens": [
                     *         {
                     *           "id": "adm_…",
                     *           "name": "ci",
                     *           "scopes": [
                     *             "project:read",
                     *             "hooks:read",
                     *             "hooks:deploy"
                     *           ],
                     *           "environment": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": null,
                     *           "expiresAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminTokenList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "scopes": [
                 *         "hooks:deploy"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1TokensRequest"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "adm_…",
                     *       "name": "ci",
                     *       "token": "pt_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewAdminToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1TokensTokenRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1TokensTokenRotateRequest"];
            };
        };
        responses: {
            /** @description The new token, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "adm_…",
                     *       "name": "ci",
                     *       "token": "pt_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewAdminToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1TokensToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of what was revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "adm_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokens": [
                     *         {
                     *           "id": "adm_…",
                     *           "name": "ci",
                     *           "scopes": [
                     *             "project:read",
                     *             "hooks:read",
                     *             "hooks:deploy"
                     *           ],
                     *           "environment": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": null,
                     *           "expiresAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminTokenList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "scopes": [
                 *         "hooks:deploy"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectTokensRequest"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "adm_…",
                     *       "name": "ci",
                     *       "token": "pt_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewAdminToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectTokensTokenRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectTokensTokenRotateRequest"];
            };
        };
        responses: {
            /** @description The new token, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "adm_…",
                     *       "name": "ci",
                     *       "token": "pt_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewAdminToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectTokensToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of what was revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "adm_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "by": "session",
                     *       "id": "ads_…",
                     *       "account": {
                     *         "id": "acc_…",
                     *         "email": "ada@example.com",
                     *         "isAdministrator": false,
                     *         "hasTotp": true,
                     *         "createdAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "roles": [
                     *         {
                     *           "project": "shop",
                     *           "role": "owner"
                     *         }
                     *       ],
                     *       "scopes": null,
                     *       "project": null,
                     *       "environment": null,
                     *       "csrfToken": "5f0c…",
                     *       "freshUntil": "2026-01-31T12:10:00.000Z",
                     *       "expiresAt": "2026-02-07T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CurrentAdmin"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1SessionRequest"];
            };
        };
        responses: {
            /** @description A session, or a ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "signed_in",
                     *       "ticket": null,
                     *       "csrfToken": "5f0c…",
                     *       "expiresAt": "2026-02-07T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AdminSignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1Session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the session or token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ads_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1SessionTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ticket": "tkt_…",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1SessionTotpRequest"];
            };
        };
        responses: {
            /** @description A session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "signed_in",
                     *       "ticket": null,
                     *       "csrfToken": "5f0c…",
                     *       "expiresAt": "2026-02-07T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AdminSignIn"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1SessionConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1SessionConfirmRequest"];
            };
        };
        responses: {
            /** @description Until when. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "freshUntil": "2026-01-31T12:10:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["FreshProof"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1AccountSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessions": [
                     *         {
                     *           "id": "ads_…",
                     *           "isCurrent": true,
                     *           "ip": "203.0.113.9",
                     *           "userAgent": "Mozilla/5.0",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastSeenAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-02-07T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminSessionList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1AccountSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended": 2
                     *     }
                     */
                    "application/json": components["schemas"]["EndedSessions"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1AccountSessionsSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ads_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery",
                 *       "password": "another horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1AccountPasswordRequest"];
            };
        };
        responses: {
            /** @description The password was changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret for the app, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "JBSWY3DPEHPK3PXP…",
                     *       "otpauthUrl": "otpauth://totp/…"
                     *     }
                     */
                    "application/json": components["schemas"]["TotpEnrollment"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1AccountTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "acc_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountTotpConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1AccountTotpConfirmRequest"];
            };
        };
        responses: {
            /** @description Ten recovery codes, returned only here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recoveryCodes": [
                     *         "x3k9-0abc-7def"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminRecoveryCodes"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ten recovery codes, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recoveryCodes": [
                     *         "x3k9-0abc-7def"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminRecoveryCodes"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1AccountTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokens": [
                     *         {
                     *           "id": "ptk_…",
                     *           "name": "laptop",
                     *           "scopes": null,
                     *           "project": null,
                     *           "environment": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": null,
                     *           "expiresAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PersonalTokenList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "laptop",
                 *       "scopes": [
                 *         "hooks:deploy"
                 *       ],
                 *       "project": "shop"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1AccountTokensRequest"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ptk_…",
                     *       "name": "laptop",
                     *       "token": "pat_…",
                     *       "scopes": [
                     *         "project:read",
                     *         "hooks:read",
                     *         "hooks:deploy"
                     *       ],
                     *       "project": "shop",
                     *       "environment": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewPersonalToken"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1AccountTokensToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ptk_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accounts": [
                     *         {
                     *           "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "email": "ada@example.com",
                     *           "isAdministrator": true,
                     *           "hasTotp": true,
                     *           "createdAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminAccountList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1AccountsRequest"];
            };
        };
        responses: {
            /** @description The account. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *       "email": "ada@example.com",
                     *       "isAdministrator": false,
                     *       "hasTotp": true,
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AdminAccount"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1AccountsAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "acc_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAdminApiV1AccountsAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "isAdministrator": true
                 *     }
                 */
                "application/json": components["schemas"]["PatchAdminApiV1AccountsAccountRequest"];
            };
        };
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *       "email": "ada@example.com",
                     *       "isAdministrator": false,
                     *       "hasTotp": true,
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AdminAccount"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1AccountsAccountPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "email": "ada@example.com",
                     *       "link": "https://auth.example.com/admin/reset#rst_…",
                     *       "token": "rst_…",
                     *       "expiresAt": "2026-02-01T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NewPasswordReset"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1PasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1PasswordResetRequest"];
            };
        };
        responses: {
            /** @description If there is an account, its link is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1PasswordResetConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "rst_…",
                 *       "password": "another horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1PasswordResetConfirmRequest"];
            };
        };
        responses: {
            /** @description The password was changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "members": [
                     *         {
                     *           "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "email": "ada@example.com",
                     *           "role": "owner",
                     *           "since": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "role": "developer"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectMembersRequest"];
            };
        };
        responses: {
            /** @description The member. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *       "email": "ada@example.com",
                     *       "role": "developer",
                     *       "since": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectMembersMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "acc_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAdminApiV1ProjectsProjectMembersMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "developer"
                 *     }
                 */
                "application/json": components["schemas"]["PatchAdminApiV1ProjectsProjectMembersMemberRequest"];
            };
        };
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *       "email": "ada@example.com",
                     *       "role": "developer",
                     *       "since": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1InvitationsAccept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ivt_…",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1InvitationsAcceptRequest"];
            };
        };
        responses: {
            /** @description The account, and what it may do now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account": {
                     *         "id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "isAdministrator": false,
                     *         "hasTotp": false,
                     *         "createdAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "project": "shop",
                     *       "role": "developer"
                     *     }
                     */
                    "application/json": components["schemas"]["AcceptedInvitation"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Invitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations, at most 100. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitations": [
                     *         {
                     *           "id": "ivt_…",
                     *           "email": "ada@example.com",
                     *           "role": "developer",
                     *           "createdBy": "account:acc_…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-02-07T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Invitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1InvitationsRequest"];
            };
        };
        responses: {
            /** @description The invitation with its link, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ivt_…",
                     *       "email": "ada@example.com",
                     *       "role": "developer",
                     *       "link": "https://auth.example.com/admin/invitation#ivt_…",
                     *       "token": "ivt_…",
                     *       "expiresAt": "2026-02-07T12:00:00.000Z",
                     *       "isMailed": false,
                     *       "mailProblem": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1InvitationsInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the invitation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ivt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations, at most 100. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitations": [
                     *         {
                     *           "id": "ivt_…",
                     *           "email": "ada@example.com",
                     *           "role": "developer",
                     *           "createdBy": "account:acc_…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-02-07T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "role": "developer"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectInvitationsRequest"];
            };
        };
        responses: {
            /** @description The invitation with its link, returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ivt_…",
                     *       "email": "ada@example.com",
                     *       "role": "developer",
                     *       "link": "https://auth.example.com/admin/invitation#ivt_…",
                     *       "token": "ivt_…",
                     *       "expiresAt": "2026-02-07T12:00:00.000Z",
                     *       "isMailed": false,
                     *       "mailProblem": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectInvitationsInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the invitation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ivt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Meta: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version, features and limits. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "0.1.0",
                     *       "now": "2026-01-31T12:00:00.000Z",
                     *       "engines": [
                     *         {
                     *           "name": "quickjs",
                     *           "digest": "sha256:…"
                     *         }
                     *       ],
                     *       "features": {
                     *         "types": false,
                     *         "mailCapture": true,
                     *         "assistant": false
                     *       },
                     *       "limits": {
                     *         "jsonBodyBytes": 65536,
                     *         "bundleBytes": 16777216,
                     *         "recordsKeepSeconds": 604800,
                     *         "recordsMostPerProject": 20000,
                     *         "eventsKeepSeconds": 604800,
                     *         "invocation": {
                     *           "fuel": 1,
                     *           "memoryBytes": 1,
                     *           "deadlineMs": 1,
                     *           "payloadBytes": 1,
                     *           "replyBytes": 1,
                     *           "logLines": 1,
                     *           "logBytes": 1,
                     *           "hostCalls": 1,
                     *           "hostBytes": 1,
                     *           "recordBytes": 1,
                     *           "dbRows": 1,
                     *           "dbStatementMs": 1,
                     *           "httpRequests": 1,
                     *           "httpResponseBytes": 1,
                     *           "emails": 1,
                     *           "queueMessages": 1
                     *         }
                     *       },
                     *       "permissions": [
                     *         "project:read"
                     *       ],
                     *       "auditActions": [
                     *         "project.created"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ServerMeta"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The projects. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "projects": [
                     *         {
                     *           "id": "shop",
                     *           "name": "Shop",
                     *           "environments": [
                     *             "production"
                     *           ],
                     *           "createdAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1Projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "shop",
                 *       "name": "Shop"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsRequest"];
            };
        };
        responses: {
            /** @description The API keys of the environment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project_id": "shop",
                     *       "environment": "production",
                     *       "publishable_key": "pk_…",
                     *       "secret_key": "sk_…"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectKeys"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "shop",
                     *       "name": "Shop",
                     *       "environments": [
                     *         "production"
                     *       ],
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "shop"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteAdminApiV1ProjectsProjectRequest"];
            };
        };
        responses: {
            /** @description The project is gone for everybody; its data is being deleted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "shop"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAdminApiV1ProjectsProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Shop"
                 *     }
                 */
                "application/json": components["schemas"]["PatchAdminApiV1ProjectsProjectRequest"];
            };
        };
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "shop",
                     *       "name": "Shop",
                     *       "environments": [
                     *         "production"
                     *       ],
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectEnvironments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "staging"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectEnvironmentsRequest"];
            };
        };
        responses: {
            /** @description The API keys of the environment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project_id": "shop",
                     *       "environment": "staging",
                     *       "publishable_key": "pk_…",
                     *       "secret_key": "sk_…"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectKeys"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectEnvironmentsEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project": "shop",
                     *       "name": "staging",
                     *       "displayName": "Staging (EU)",
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectEnvironmentsEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "staging"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest"];
            };
        };
        responses: {
            /** @description The environment is gone for everybody; its data is being deleted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "staging"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchAdminApiV1ProjectsProjectEnvironmentsEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "displayName": "Staging (EU)"
                 *     }
                 */
                "application/json": components["schemas"]["PatchAdminApiV1ProjectsProjectEnvironmentsEnvironmentRequest"];
            };
        };
        responses: {
            /** @description The environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project": "shop",
                     *       "name": "staging",
                     *       "displayName": "Staging (EU)",
                     *       "createdAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "id": "key_…",
                     *           "kind": "publishable",
                     *           "name": "",
                     *           "key": "pk_…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:10:00.000Z",
                     *           "expiresAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "secret",
                 *       "name": "backend"
                 *     }
                 */
                "application/json": components["schemas"]["PostKeysRequest"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_…",
                     *       "kind": "secret",
                     *       "name": "backend",
                     *       "key": "sk_…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postKeysKeyRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 86400
                 *     }
                 */
                "application/json": components["schemas"]["PostKeysKeyRotateRequest"];
            };
        };
        responses: {
            /** @description The new key. A secret key is returned only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_…",
                     *       "kind": "secret",
                     *       "name": "backend",
                     *       "key": "sk_…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteKeysKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of what was revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "key_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every hook that has a version or a draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "versions": 3,
                     *           "newest": 3,
                     *           "draft": {
                     *             "revision": 4,
                     *             "base": {
                     *               "number": 3,
                     *               "digest": "sha256:…"
                     *             },
                     *             "updatedAt": "2026-01-31T12:00:00.000Z",
                     *             "updatedBy": "admin:…"
                     *           },
                     *           "live": [
                     *             {
                     *               "environment": "production",
                     *               "number": 2,
                     *               "state": "enabled",
                     *               "deployment": 7
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "summaries": [
                     *         {
                     *           "hook": "signup",
                     *           "version": 2,
                     *           "summary": {
                     *             "text": "Before sign-up: can deny with `free_provider` (403).",
                     *             "origin": "code",
                     *             "model": null,
                     *             "facts": {
                     *               "points": [
                     *                 "beforeSignup"
                     *               ],
                     *               "denies": [
                     *                 {
                     *                   "code": "free_provider",
                     *                   "status": 403,
                     *                   "message": null,
                     *                   "file": "hooks/signup.ts",
                     *                   "line": 12
                     *                 }
                     *               ],
                     *               "patches": [],
                     *               "calls": [],
                     *               "hosts": [],
                     *               "secrets": [],
                     *               "queues": []
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "signup",
                 *       "template": "before-signup"
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksRequest"];
            };
        };
        responses: {
            /** @description The draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "revision": 4,
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "schedules": {}
                     *       },
                     *       "base": {
                     *         "number": 3,
                     *         "digest": "sha256:…"
                     *       },
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "admin:…"
                     *     }
                     */
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft with its files. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "revision": 4,
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "schedules": {}
                     *       },
                     *       "base": {
                     *         "number": 3,
                     *         "digest": "sha256:…"
                     *       },
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "admin:…"
                     *     }
                     */
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putAdminApiV1ProjectsProjectHooksHookDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description The revision that the request goes on from, in quotes, as `ETag` had it. */
                "If-Match": string;
            };
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "files": [
                 *         {
                 *           "path": "hooks/signup.ts",
                 *           "text": "export const beforeSignup = async () => {};\n"
                 *         }
                 *       ],
                 *       "settings": {
                 *         "capabilities": [
                 *           "cache"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PutAdminApiV1ProjectsProjectHooksHookDraftRequest"];
            };
        };
        responses: {
            /** @description The draft with its new revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "revision": 4,
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "schedules": {}
                     *       },
                     *       "base": {
                     *         "number": 3,
                     *         "digest": "sha256:…"
                     *       },
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "admin:…"
                     *     }
                     */
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": 3
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookDraftRequest"];
            };
        };
        responses: {
            /** @description The draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "revision": 4,
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "schedules": {}
                     *       },
                     *       "base": {
                     *         "number": 3,
                     *         "digest": "sha256:…"
                     *       },
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "admin:…"
                     *     }
                     */
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectHooksHookDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description The revision that the request goes on from, in quotes, as `ETag` had it. */
                "If-Match": string;
            };
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "signup"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookCheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "revision": 4
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookCheckRequest"];
            };
        };
        responses: {
            /** @description What the build came to. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "diagnostics": [
                     *         {
                     *           "file": "hooks/signup.ts",
                     *           "line": 3,
                     *           "column": 5,
                     *           "endLine": 3,
                     *           "endColumn": 9,
                     *           "code": "missing-import",
                     *           "severity": "error",
                     *           "message": "cannot find './utl'",
                     *           "hint": "did you mean './util'?"
                     *         }
                     *       ],
                     *       "manifest": null,
                     *       "sizeBytes": null,
                     *       "types": {
                     *         "status": "not_checked",
                     *         "reason": "the server has no TypeScript compiler: its operator can name one in hooks.tsc"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HookCheck"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "versions": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "sizeBytes": 24576,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "author": "admin:…",
                     *           "message": "Refuse disposable addresses",
                     *           "base": null,
                     *           "manifest": {
                     *             "format": 1,
                     *             "name": "signup",
                     *             "contract": "0.1.0",
                     *             "engine": {
                     *               "name": "quickjs",
                     *               "digest": "sha256:…"
                     *             },
                     *             "hooks": [
                     *               "beforeSignup"
                     *             ],
                     *             "events": [
                     *               "queue.welcome"
                     *             ],
                     *             "priority": {
                     *               "queue.welcome": "low"
                     *             },
                     *             "capabilities": [
                     *               "cache"
                     *             ],
                     *             "limits": {
                     *               "deadlineMs": 500
                     *             },
                     *             "sourceDigest": "sha256:…"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        /** @description The bundle written by `aerocall build`; or, as JSON, the draft to build. */
        requestBody: {
            content: {
                "application/wasm": string;
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookVersionsRequest"];
            };
        };
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "signup",
                     *       "number": 1,
                     *       "digest": "sha256:…",
                     *       "sizeBytes": 24576,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "author": "admin:…",
                     *       "message": "Refuse disposable addresses",
                     *       "base": null,
                     *       "manifest": {
                     *         "format": 1,
                     *         "name": "signup",
                     *         "contract": "0.1.0",
                     *         "engine": {
                     *           "name": "quickjs",
                     *           "digest": "sha256:…"
                     *         },
                     *         "hooks": [
                     *           "beforeSignup"
                     *         ],
                     *         "events": [
                     *           "queue.welcome"
                     *         ],
                     *         "priority": {
                     *           "queue.welcome": "low"
                     *         },
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "sourceDigest": "sha256:…"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description The version. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "signup",
                     *       "number": 1,
                     *       "digest": "sha256:…",
                     *       "sizeBytes": 24576,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "author": "admin:…",
                     *       "message": "Refuse disposable addresses",
                     *       "base": null,
                     *       "manifest": {
                     *         "format": 1,
                     *         "name": "signup",
                     *         "contract": "0.1.0",
                     *         "engine": {
                     *           "name": "quickjs",
                     *           "digest": "sha256:…"
                     *         },
                     *         "hooks": [
                     *           "beforeSignup"
                     *         ],
                     *         "events": [
                     *           "queue.welcome"
                     *         ],
                     *         "priority": {
                     *           "queue.welcome": "low"
                     *         },
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "sourceDigest": "sha256:…"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookVersionsNumber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "signup",
                     *       "number": 1,
                     *       "digest": "sha256:…",
                     *       "sizeBytes": 24576,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "author": "admin:…",
                     *       "message": "Refuse disposable addresses",
                     *       "base": null,
                     *       "manifest": {
                     *         "format": 1,
                     *         "name": "signup",
                     *         "contract": "0.1.0",
                     *         "engine": {
                     *           "name": "quickjs",
                     *           "digest": "sha256:…"
                     *         },
                     *         "hooks": [
                     *           "beforeSignup"
                     *         ],
                     *         "events": [
                     *           "queue.welcome"
                     *         ],
                     *         "priority": {
                     *           "queue.welcome": "low"
                     *         },
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "sourceDigest": "sha256:…"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookVersionsNumberFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sources, or that there are none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sources": "bundled",
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "packagesOmitted": null,
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {},
                     *         "schedules": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VersionFiles"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookVersionsNumberSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it does. Of a version that carries no sources, or whose sources cannot be built here, what its manifest says. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "text": "Before sign-up: can deny with `free_provider` (403, “Please use your work address”).",
                     *       "origin": "code",
                     *       "model": null,
                     *       "facts": {
                     *         "points": [
                     *           "beforeSignup"
                     *         ],
                     *         "denies": [
                     *           {
                     *             "code": "free_provider",
                     *             "status": 403,
                     *             "message": "Please use your work address",
                     *             "file": "hooks/signup.ts",
                     *             "line": 12
                     *           }
                     *         ],
                     *         "patches": [
                     *           "user.metadata.source"
                     *         ],
                     *         "calls": [
                     *           "db.query"
                     *         ],
                     *         "hosts": [],
                     *         "secrets": [],
                     *         "queues": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSummary"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookDraftSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "text": "Before sign-up: can deny with `free_provider` (403, “Please use your work address”).",
                     *       "origin": "code",
                     *       "model": null,
                     *       "facts": {
                     *         "points": [
                     *           "beforeSignup"
                     *         ],
                     *         "denies": [
                     *           {
                     *             "code": "free_provider",
                     *             "status": 403,
                     *             "message": "Please use your work address",
                     *             "file": "hooks/signup.ts",
                     *             "line": 12
                     *           }
                     *         ],
                     *         "patches": [
                     *           "user.metadata.source"
                     *         ],
                     *         "calls": [
                     *           "db.query"
                     *         ],
                     *         "hosts": [],
                     *         "secrets": [],
                     *         "queues": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSummary"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookCompare: {
        parameters: {
            query: {
                /** @description Number of a version, or `draft`. */
                a: string;
                /** @description Number of a version, or `draft`. */
                b: string;
            };
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What differs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "a": {
                     *         "number": 1,
                     *         "revision": null,
                     *         "digest": "sha256:…",
                     *         "sources": "bundled"
                     *       },
                     *       "b": {
                     *         "number": 2,
                     *         "revision": null,
                     *         "digest": "sha256:…",
                     *         "sources": "bundled"
                     *       },
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "before": "// 1\n",
                     *           "after": "// 2\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "before": null,
                     *           "after": "5.1.6"
                     *         }
                     *       ],
                     *       "manifest": {
                     *         "capabilities": {
                     *           "added": [
                     *             "cache"
                     *           ],
                     *           "removed": []
                     *         },
                     *         "points": {
                     *           "added": [],
                     *           "removed": [
                     *             "beforeLogin"
                     *           ]
                     *         },
                     *         "limits": [
                     *           {
                     *             "name": "deadlineMs",
                     *             "before": null,
                     *             "after": 500
                     *           }
                     *         ],
                     *         "schedules": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HookComparison"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeployments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deployments, newest first, at most 100. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deployments": [
                     *         {
                     *           "id": "dep_…",
                     *           "number": 1,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "createdBy": "admin:…",
                     *           "message": "Refuse disposable addresses",
                     *           "forcedReason": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDeployments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hooks": [
                 *         {
                 *           "name": "signup",
                 *           "number": 1,
                 *           "failurePolicy": "closed"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostDeploymentsRequest"];
            };
        };
        responses: {
            /** @description The live deployment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deployment": {
                     *         "id": "dep_…",
                     *         "number": 3,
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "createdBy": "admin:…",
                     *         "message": "Refuse disposable addresses",
                     *         "forcedReason": null
                     *       },
                     *       "migrations": [
                     *         "0001_orders"
                     *       ],
                     *       "missingSecrets": [
                     *         {
                     *           "hook": "signup",
                     *           "secret": "crm_token"
                     *         }
                     *       ],
                     *       "number": 3,
                     *       "points": {
                     *         "beforeSignup": [
                     *           {
                     *             "name": "signup",
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "failurePolicy": "closed"
                     *           }
                     *         ]
                     *       },
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "rollout": null,
                     *           "breaker": "closed",
                     *           "hooks": [
                     *             "beforeSignup"
                     *           ],
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "schedules": {
                     *             "cleanup": "0 3 * * *"
                     *           },
                     *           "capabilities": [
                     *             "cache"
                     *           ],
                     *           "limits": {
                     *             "fuel": 2000000000,
                     *             "memoryBytes": 33554432,
                     *             "deadlineMs": 2000,
                     *             "payloadBytes": 1048576,
                     *             "replyBytes": 1048576,
                     *             "logLines": 200,
                     *             "logBytes": 65536,
                     *             "hostCalls": 2000,
                     *             "hostBytes": 8388608,
                     *             "recordBytes": 262144,
                     *             "dbRows": 10000,
                     *             "dbStatementMs": 1000,
                     *             "httpRequests": 20,
                     *             "httpResponseBytes": 1048576,
                     *             "emails": 5,
                     *             "queueMessages": 50
                     *           },
                     *           "notRun": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDeploymentsPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hooks": [
                 *         {
                 *           "name": "signup",
                 *           "number": 2
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostDeploymentsPlanRequest"];
            };
        };
        responses: {
            /** @description The plan. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expect": 7,
                     *       "changes": [
                     *         {
                     *           "hook": "signup",
                     *           "change": "changed",
                     *           "before": {
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "state": "enabled",
                     *             "failurePolicy": null
                     *           },
                     *           "after": {
                     *             "number": 2,
                     *             "digest": "sha256:…",
                     *             "state": "enabled",
                     *             "failurePolicy": null
                     *           },
                     *           "capabilities": {
                     *             "added": [
                     *               "cache"
                     *             ],
                     *             "removed": []
                     *           },
                     *           "points": {
                     *             "added": [],
                     *             "removed": []
                     *           }
                     *         }
                     *       ],
                     *       "capabilities": {
                     *         "added": [
                     *           "cache"
                     *         ],
                     *         "removed": []
                     *       },
                     *       "gates": [
                     *         {
                     *           "name": "build",
                     *           "state": "passed",
                     *           "detail": null
                     *         },
                     *         {
                     *           "name": "base",
                     *           "state": "passed",
                     *           "detail": null
                     *         },
                     *         {
                     *           "name": "types",
                     *           "state": "not_checked",
                     *           "detail": "the server has no TypeScript compiler: its operator can name one in hooks.tsc"
                     *         },
                     *         {
                     *           "name": "capabilities",
                     *           "state": "warning",
                     *           "detail": "`signup` may use cache from now on"
                     *         },
                     *         {
                     *           "name": "secrets",
                     *           "state": "passed",
                     *           "detail": null
                     *         },
                     *         {
                     *           "name": "cases",
                     *           "state": "passed",
                     *           "detail": "7 test cases passed"
                     *         },
                     *         {
                     *           "name": "backtest",
                     *           "state": "passed",
                     *           "detail": "version 2 of `signup` decides 3 of 200 recorded invocations otherwise (1.5 %), 0 of them with a failure"
                     *         },
                     *         {
                     *           "name": "rollouts",
                     *           "state": "passed",
                     *           "detail": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentPlan"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeploymentsNumber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deployment and its hooks, in the order in which they run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dep_…",
                     *       "number": 3,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "createdBy": "admin:…",
                     *       "message": "Refuse disposable addresses",
                     *       "forcedReason": null,
                     *       "complete": true,
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 2,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "failurePolicy": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentDetail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDeploymentsNumberRollback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expect": 7,
                 *       "message": "Sign-ups failed"
                 *     }
                 */
                "application/json": components["schemas"]["PostDeploymentsNumberRollbackRequest"];
            };
        };
        responses: {
            /** @description The live deployment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deployment": {
                     *         "id": "dep_…",
                     *         "number": 3,
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "createdBy": "admin:…",
                     *         "message": "Sign-ups failed",
                     *         "forcedReason": null
                     *       },
                     *       "migrations": [],
                     *       "missingSecrets": [],
                     *       "number": 3,
                     *       "points": {
                     *         "beforeSignup": [
                     *           {
                     *             "name": "signup",
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "failurePolicy": "closed"
                     *           }
                     *         ]
                     *       },
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "rollout": null,
                     *           "breaker": "closed",
                     *           "hooks": [
                     *             "beforeSignup"
                     *           ],
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "schedules": {
                     *             "cleanup": "0 3 * * *"
                     *           },
                     *           "capabilities": [
                     *             "cache"
                     *           ],
                     *           "limits": {
                     *             "fuel": 2000000000,
                     *             "memoryBytes": 33554432,
                     *             "deadlineMs": 2000,
                     *             "payloadBytes": 1048576,
                     *             "replyBytes": 1048576,
                     *             "logLines": 200,
                     *             "logBytes": 65536,
                     *             "hostCalls": 2000,
                     *             "hostBytes": 8388608,
                     *             "recordBytes": 262144,
                     *             "dbRows": 10000,
                     *             "dbStatementMs": 1000,
                     *             "httpRequests": 20,
                     *             "httpResponseBytes": 1048576,
                     *             "emails": 5,
                     *             "queueMessages": 50
                     *           },
                     *           "notRun": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMigrations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The migrations, in the order in which they were applied. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "migrations": [
                     *         {
                     *           "name": "0001_orders",
                     *           "digest": "sha256:…",
                     *           "appliedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MigrationList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getHooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The live deployment: `points` by hook point, in the order in which hooks run, and `hooks` one by one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "number": 3,
                     *       "points": {
                     *         "beforeSignup": [
                     *           {
                     *             "name": "signup",
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "failurePolicy": "closed"
                     *           }
                     *         ]
                     *       },
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "rollout": null,
                     *           "breaker": "closed",
                     *           "hooks": [
                     *             "beforeSignup"
                     *           ],
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "schedules": {
                     *             "cleanup": "0 3 * * *"
                     *           },
                     *           "capabilities": [
                     *             "cache"
                     *           ],
                     *           "limits": {
                     *             "fuel": 2000000000,
                     *             "memoryBytes": 33554432,
                     *             "deadlineMs": 2000,
                     *             "payloadBytes": 1048576,
                     *             "replyBytes": 1048576,
                     *             "logLines": 200,
                     *             "logBytes": 65536,
                     *             "hostCalls": 2000,
                     *             "hostBytes": 8388608,
                     *             "recordBytes": 262144,
                     *             "dbRows": 10000,
                     *             "dbStatementMs": 1000,
                     *             "httpRequests": 20,
                     *             "httpResponseBytes": 1048576,
                     *             "emails": 5,
                     *             "queueMessages": 50
                     *           },
                     *           "notRun": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LiveHooks"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchHooksHook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["PatchHooksHookRequest"];
            };
        };
        responses: {
            /** @description The live deployment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deployment": {
                     *         "id": "dep_…",
                     *         "number": 3,
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "createdBy": "admin:…",
                     *         "message": "Refuse disposable addresses",
                     *         "forcedReason": null
                     *       },
                     *       "number": 3,
                     *       "points": {
                     *         "beforeSignup": [
                     *           {
                     *             "name": "signup",
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "failurePolicy": "closed"
                     *           }
                     *         ]
                     *       },
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "rollout": null,
                     *           "breaker": "closed",
                     *           "hooks": [
                     *             "beforeSignup"
                     *           ],
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "schedules": {
                     *             "cleanup": "0 3 * * *"
                     *           },
                     *           "capabilities": [
                     *             "cache"
                     *           ],
                     *           "limits": {
                     *             "fuel": 2000000000,
                     *             "memoryBytes": 33554432,
                     *             "deadlineMs": 2000,
                     *             "payloadBytes": 1048576,
                     *             "replyBytes": 1048576,
                     *             "logLines": 200,
                     *             "logBytes": 65536,
                     *             "hostCalls": 2000,
                     *             "hostBytes": 8388608,
                     *             "recordBytes": 262144,
                     *             "dbRows": 10000,
                     *             "dbStatementMs": 1000,
                     *             "httpRequests": 20,
                     *             "httpResponseBytes": 1048576,
                     *             "emails": 5,
                     *             "queueMessages": 50
                     *           },
                     *           "notRun": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookStateResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoints. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "endpoints": [
                     *         {
                     *           "method": "POST",
                     *           "path": "/auth/register",
                     *           "summary": "Sign up with a password",
                     *           "about": "Creates an account.",
                     *           "example": {
                     *             "email": "ada@example.com",
                     *             "password": "correct horse battery"
                     *           },
                     *           "hooks": [
                     *             {
                     *               "point": "beforeSignup",
                     *               "status": "enabled",
                     *               "figures": {
                     *                 "calls": 4810,
                     *                 "denials": 96,
                     *                 "failures": 2,
                     *                 "p95Us": 1240,
                     *                 "last": {
                     *                   "invocation": "inv_…",
                     *                   "outcome": "allow",
                     *                   "at": "2026-01-31T12:00:00.000Z"
                     *                 }
                     *               },
                     *               "hooks": [
                     *                 {
                     *                   "name": "signup",
                     *                   "version": 1,
                     *                   "status": "enabled",
                     *                   "rollout": {
                     *                     "id": "rol_…",
                     *                     "kind": "canary",
                     *                     "version": 2,
                     *                     "share": 5,
                     *                     "until": "2026-02-01T12:00:00.000Z"
                     *                   },
                     *                   "figures": {
                     *                     "calls": 4810,
                     *                     "denials": 96,
                     *                     "failures": 2,
                     *                     "p95Us": 1240,
                     *                     "last": {
                     *                       "invocation": "inv_…",
                     *                       "outcome": "allow",
                     *                       "at": "2026-01-31T12:00:00.000Z"
                     *                     }
                     *                   },
                     *                   "failurePolicy": "closed"
                     *                 }
                     *               ]
                     *             }
                     *           ],
                     *           "events": [
                     *             {
                     *               "name": "auth.signup",
                     *               "status": "enabled",
                     *               "figures": {
                     *                 "calls": 0,
                     *                 "denials": 0,
                     *                 "failures": 0,
                     *                 "p95Us": null,
                     *                 "last": null
                     *               },
                     *               "hooks": [
                     *                 {
                     *                   "name": "welcome",
                     *                   "version": 1,
                     *                   "status": "disabled",
                     *                   "rollout": null,
                     *                   "figures": {
                     *                     "calls": 0,
                     *                     "denials": 0,
                     *                     "failures": 0,
                     *                     "p95Us": null,
                     *                     "last": null
                     *                   }
                     *                 }
                     *               ],
                     *               "webhooks": [
                     *                 {
                     *                   "id": "whk_…",
                     *                   "url": "https://example.com/hook",
                     *                   "state": "enabled"
                     *                 }
                     *               ]
                     *             }
                     *           ],
                     *           "figures": {
                     *             "calls": 4810,
                     *             "denials": 96,
                     *             "failures": 2,
                     *             "p95Us": 1240,
                     *             "last": {
                     *               "invocation": "inv_…",
                     *               "outcome": "allow",
                     *               "at": "2026-01-31T12:00:00.000Z"
                     *             }
                     *           },
                     *           "hours": [
                     *             {
                     *               "at": "2026-01-31T12:00:00.000Z",
                     *               "calls": 4810,
                     *               "denials": 96,
                     *               "failures": 2
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "summaries": [
                     *         {
                     *           "hook": "signup",
                     *           "version": 1,
                     *           "summary": {
                     *             "text": "Before sign-up: can deny with `free_provider` (403).",
                     *             "origin": "code",
                     *             "model": null,
                     *             "facts": {
                     *               "points": [
                     *                 "beforeSignup"
                     *               ],
                     *               "denies": [
                     *                 {
                     *                   "code": "free_provider",
                     *                   "status": 403,
                     *                   "message": null,
                     *                   "file": "hooks/signup.ts",
                     *                   "line": 12
                     *                 }
                     *               ],
                     *               "patches": [],
                     *               "calls": [],
                     *               "hosts": [],
                     *               "secrets": [],
                     *               "queues": []
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1HookPoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hook points and events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "points": [
                     *         {
                     *           "name": "beforeLogout",
                     *           "phase": "before",
                     *           "when": "Before the commit: logout.",
                     *           "endpoint": "POST /auth/logout",
                     *           "payloadSchema": {
                     *             "type": "object",
                     *             "required": [
                     *               "user"
                     *             ]
                     *           },
                     *           "replySchema": {
                     *             "oneOf": [
                     *               {
                     *                 "type": "null"
                     *               }
                     *             ]
                     *           },
                     *           "mayChange": [
                     *             "user.metadata",
                     *             "user.publicMetadata"
                     *           ],
                     *           "defaultFailurePolicy": "closed",
                     *           "samples": [
                     *             {
                     *               "name": "every member",
                     *               "input": {
                     *                 "user": {
                     *                   "id": "usr_…",
                     *                   "email": "ada@example.com",
                     *                   "metadata": {},
                     *                   "publicMetadata": {}
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "events": [
                     *         {
                     *           "name": "queue.example",
                     *           "when": "A message of the queue with this name is to be handled.",
                     *           "inputSchema": {
                     *             "type": "object"
                     *           },
                     *           "samples": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookPointList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1HookTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The templates, in the order in which they are offered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "templates": [
                     *         {
                     *           "name": "before-signup",
                     *           "title": "Before a sign-up",
                     *           "description": "The smallest hook that decides something: it refuses one domain.",
                     *           "points": [
                     *             "beforeSignup"
                     *           ],
                     *           "files": [
                     *             {
                     *               "path": "hooks/before-signup.ts",
                     *               "text": "export const beforeSignup = async () => {};\n"
                     *             }
                     *           ],
                     *           "settings": {
                     *             "entry": null,
                     *             "capabilities": null,
                     *             "limits": {},
                     *             "schedules": {}
                     *           },
                     *           "migrations": [],
                     *           "cases": [
                     *             {
                     *               "name": "free-mail",
                     *               "document": {
                     *                 "hook": "beforeSignup",
                     *                 "payload": {},
                     *                 "expect": {}
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookTemplateList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectTypes: {
        parameters: {
            query?: {
                /** @description The hook that is edited: the npm packages of its draft are declared, without types of their own. */
                hook?: string;
            };
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The declarations, and the options to read them with. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "etag": "5d41402a…",
                     *       "compilerOptions": {
                     *         "target": "ESNext",
                     *         "module": "ESNext",
                     *         "strict": true
                     *       },
                     *       "files": [
                     *         {
                     *           "path": "node_modules/@aerocall/hooks/index.d.ts",
                     *           "text": "export type * from \"./auth.js\";\n"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SdkTypes"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postHooksHookRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "point": "beforeSignup",
                 *       "payload": {
                 *         "user": {
                 *           "email": "ada@example.com",
                 *           "metadata": {},
                 *           "publicMetadata": {}
                 *         },
                 *         "provider": "password",
                 *         "client": {}
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostHooksHookRunRequest"];
            };
        };
        responses: {
            /** @description What the hook decided. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "point": "beforeSignup",
                     *       "version": 3,
                     *       "digest": "sha256:…",
                     *       "outcome": "allow",
                     *       "reply": {
                     *         "kind": "allow"
                     *       },
                     *       "error": null,
                     *       "logs": [
                     *         {
                     *           "level": "info",
                     *           "message": "checking"
                     *         }
                     *       ],
                     *       "logsDropped": 0,
                     *       "fuel": 120000,
                     *       "memoryPeakBytes": 1310720,
                     *       "durationUs": 850,
                     *       "hostCalls": [
                     *         {
                     *           "name": "cache.set",
                     *           "arguments": [
                     *             "seen",
                     *             "1",
                     *             null
                     *           ],
                     *           "answer": null,
                     *           "durationUs": 40
                     *         }
                     *       ],
                     *       "effects": [
                     *         {
                     *           "kind": "cache",
                     *           "call": 1,
                     *           "remains": true,
                     *           "detail": [
                     *             "seen",
                     *             "1",
                     *             null
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookRun"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "method": "POST",
                 *       "path": "/auth/register",
                 *       "body": {
                 *         "email": "ada@example.com",
                 *         "password": "correct horse battery"
                 *       },
                 *       "mode": "dry-run",
                 *       "use": {
                 *         "signup": "draft"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostTryRequest"];
            };
        };
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "req_…",
                     *       "mode": "dry-run",
                     *       "deployment": 4,
                     *       "request": {
                     *         "method": "POST",
                     *         "path": "/auth/register",
                     *         "headers": {},
                     *         "body": {
                     *           "email": "ada@example.com",
                     *           "password": "[hidden]"
                     *         }
                     *       },
                     *       "response": {
                     *         "status": 403,
                     *         "headers": {
                     *           "content-type": "application/json"
                     *         },
                     *         "body": {
                     *           "error": {
                     *             "code": "free_provider",
                     *             "message": "Please use your work address",
                     *             "request_id": "req_…",
                     *             "hook": "signup"
                     *           }
                     *         }
                     *       },
                     *       "steps": [
                     *         {
                     *           "kind": "request",
                     *           "name": "POST /auth/register",
                     *           "outcome": "403",
                     *           "at": "2026-11-30T12:00:00.000Z",
                     *           "offsetUs": 0,
                     *           "durationUs": 1900,
                     *           "logs": [],
                     *           "hostCalls": []
                     *         },
                     *         {
                     *           "kind": "point",
                     *           "name": "beforeSignup",
                     *           "outcome": "refused",
                     *           "at": "2026-11-30T12:00:00.000Z",
                     *           "offsetUs": 700,
                     *           "durationUs": 1100,
                     *           "logs": [],
                     *           "hostCalls": []
                     *         },
                     *         {
                     *           "kind": "hook",
                     *           "name": "beforeSignup",
                     *           "hook": "signup",
                     *           "version": 0,
                     *           "outcome": "deny",
                     *           "at": "2026-11-30T12:00:00.000Z",
                     *           "offsetUs": 710,
                     *           "durationUs": 1050,
                     *           "fuel": 120000,
                     *           "reply": {
                     *             "kind": "deny",
                     *             "code": "free_provider",
                     *             "message": "Please use your work address",
                     *             "status": 403
                     *           },
                     *           "logs": [],
                     *           "hostCalls": []
                     *         }
                     *       ],
                     *       "effects": [],
                     *       "effectsDropped": 0,
                     *       "wouldRun": [],
                     *       "changedNothing": true
                     *     }
                     */
                    "application/json": components["schemas"]["TriedRequest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookCases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cases, at most 100, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cases": [
                     *         {
                     *           "hook": "signup",
                     *           "name": "free-mail",
                     *           "point": "beforeSignup",
                     *           "document": {
                     *             "hook": "beforeSignup",
                     *             "payload": {
                     *               "user": {
                     *                 "email": "person1@gmail.com"
                     *               }
                     *             },
                     *             "expect": {
                     *               "reply": {
                     *                 "kind": "allow"
                     *               }
                     *             }
                     *           },
                     *           "createdBy": "admin:…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookCaseList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookCases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "free-mail",
                 *       "document": {
                 *         "hook": "beforeSignup",
                 *         "payload": {
                 *           "user": {
                 *             "email": "person1@gmail.com"
                 *           }
                 *         },
                 *         "expect": {
                 *           "reply": {
                 *             "kind": "allow"
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookCasesRequest"];
            };
        };
        responses: {
            /** @description The case. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "name": "free-mail",
                     *       "point": "beforeSignup",
                     *       "document": {
                     *         "hook": "beforeSignup",
                     *         "payload": {
                     *           "user": {
                     *             "email": "person1@gmail.com"
                     *           }
                     *         },
                     *         "expect": {
                     *           "reply": {
                     *             "kind": "allow"
                     *           }
                     *         }
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["HookCase"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookCasesCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                case: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "name": "free-mail",
                     *       "point": "beforeSignup",
                     *       "document": {
                     *         "hook": "beforeSignup",
                     *         "payload": {
                     *           "user": {
                     *             "email": "person1@gmail.com"
                     *           }
                     *         },
                     *         "expect": {
                     *           "reply": {
                     *             "kind": "allow"
                     *           }
                     *         }
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["HookCase"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putAdminApiV1ProjectsProjectHooksHookCasesCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                case: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "document": {
                 *         "hook": "beforeSignup",
                 *         "payload": {
                 *           "user": {
                 *             "email": "person1@gmail.com"
                 *           }
                 *         },
                 *         "expect": {
                 *           "reply": {
                 *             "kind": "allow"
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PutAdminApiV1ProjectsProjectHooksHookCasesCaseRequest"];
            };
        };
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "name": "free-mail",
                     *       "point": "beforeSignup",
                     *       "document": {
                     *         "hook": "beforeSignup",
                     *         "payload": {
                     *           "user": {
                     *             "email": "person1@gmail.com"
                     *           }
                     *         },
                     *         "expect": {
                     *           "reply": {
                     *             "kind": "allow"
                     *           }
                     *         }
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["HookCase"];
                };
            };
            /** @description The case. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "name": "free-mail",
                     *       "point": "beforeSignup",
                     *       "document": {
                     *         "hook": "beforeSignup",
                     *         "payload": {
                     *           "user": {
                     *             "email": "person1@gmail.com"
                     *           }
                     *         },
                     *         "expect": {
                     *           "reply": {
                     *             "kind": "allow"
                     *           }
                     *         }
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["HookCase"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectHooksHookCasesCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                case: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name of what was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "free-mail"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postHooksHookCasesRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "target": 4
                 *     }
                 */
                "application/json": components["schemas"]["PostHooksHookCasesRunRequest"];
            };
        };
        responses: {
            /** @description What came of each case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "target": {
                     *         "version": 4,
                     *         "digest": "sha256:…"
                     *       },
                     *       "passed": 1,
                     *       "failed": 1,
                     *       "cases": [
                     *         {
                     *           "name": "free-mail",
                     *           "ok": false,
                     *           "problems": [
                     *             "reply.kind: expected \"deny\", got \"allow\""
                     *           ],
                     *           "fuel": 120000,
                     *           "durationUs": 850
                     *         },
                     *         {
                     *           "name": "work-mail",
                     *           "ok": true,
                     *           "problems": [],
                     *           "fuel": 120000,
                     *           "durationUs": 850
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HookCaseRun"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "task": "change",
                 *       "point": "beforeSignup",
                 *       "messages": [
                 *         {
                 *           "role": "user",
                 *           "text": "reject free e-mail providers"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookAssistantRequest"];
            };
        };
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectHooksHookProposalsProposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                hook: string;
                proposal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "prp_…",
                     *       "hook": "signup",
                     *       "point": "beforeSignup",
                     *       "revision": 41,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "createdBy": "account:acc_…",
                     *       "model": "qwen3-coder",
                     *       "provider": "openai",
                     *       "text": "Denies sign-ups of free e-mail providers.",
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "before": "// 1\n",
                     *           "after": "// 2\n"
                     *         }
                     *       ],
                     *       "diff": "--- a/hooks/signup.ts\n+++ b/hooks/signup.ts\n@@ -1 +1 @@\n-// 1\n+// 2\n",
                     *       "verified": false,
                     *       "problems": [
                     *         "1 of 2 test cases fail"
                     *       ],
                     *       "rounds": [
                     *         {
                     *           "number": 1,
                     *           "compiles": true,
                     *           "types": {
                     *             "status": "not_checked",
                     *             "reason": "the server has no TypeScript compiler"
                     *           },
                     *           "diagnostics": [],
                     *           "cases": {
                     *             "total": 2,
                     *             "passed": 1,
                     *             "failed": [
                     *               {
                     *                 "name": "free-mail",
                     *                 "message": "reply.kind: expected \"deny\", got \"allow\""
                     *               }
                     *             ]
                     *           },
                     *           "problems": [
                     *             "1 of 2 test cases fail"
                     *           ]
                     *         }
                     *       ],
                     *       "capabilities": {
                     *         "added": [
                     *           "http:api.example.com"
                     *         ],
                     *         "removed": [],
                     *         "words": [
                     *           "may send requests to api.example.com"
                     *         ]
                     *       },
                     *       "cases": [
                     *         {
                     *           "name": "denies-a-free-provider",
                     *           "case": {
                     *             "hook": "beforeSignup",
                     *             "payload": {},
                     *             "expect": {}
                     *           },
                     *           "passed": true,
                     *           "message": null
                     *         }
                     *       ],
                     *       "hidden": [
                     *         {
                     *           "part": "answer 1",
                     *           "characters": [
                     *             "U+200B"
                     *           ],
                     *           "count": 1
                     *         }
                     *       ],
                     *       "appliedAt": null,
                     *       "appliedRevision": null
                     *     }
                     */
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectHooksHookProposalsProposalApply: {
        parameters: {
            query?: never;
            header: {
                /** @description The revision that the request goes on from, in quotes, as `ETag` had it. */
                "If-Match": string;
            };
            path: {
                project: string;
                hook: string;
                proposal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "acceptCapabilities": [
                 *         "http:api.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostAdminApiV1ProjectsProjectHooksHookProposalsProposalApplyRequest"];
            };
        };
        responses: {
            /** @description The draft with its new revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "revision": 4,
                     *       "files": [
                     *         {
                     *           "path": "hooks/signup.ts",
                     *           "text": "export const beforeSignup = async () => {};\n"
                     *         }
                     *       ],
                     *       "packages": [
                     *         {
                     *           "name": "nanoid",
                     *           "version": "5.1.6",
                     *           "files": 3,
                     *           "sizeBytes": 4096
                     *         }
                     *       ],
                     *       "settings": {
                     *         "entry": null,
                     *         "capabilities": [
                     *           "cache"
                     *         ],
                     *         "limits": {
                     *           "deadlineMs": 500
                     *         },
                     *         "schedules": {}
                     *       },
                     *       "base": {
                     *         "number": 3,
                     *         "digest": "sha256:…"
                     *       },
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "admin:…"
                     *     }
                     */
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1ProjectsProjectSettingsAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "on",
                     *       "origin": "project",
                     *       "provider": "openai",
                     *       "baseUrl": "http://127.0.0.1:11434/v1",
                     *       "model": "qwen3-coder",
                     *       "hasKey": false,
                     *       "summaries": "code",
                     *       "limits": {
                     *         "requestSeconds": 120,
                     *         "outputTokens": 8192,
                     *         "rounds": 3,
                     *         "tokensPerDay": 500000
                     *       },
                     *       "prices": {
                     *         "inputPerMillion": null,
                     *         "outputPerMillion": null,
                     *         "currency": "USD"
                     *       },
                     *       "usage": {
                     *         "day": "2026-01-31",
                     *         "requests": 4,
                     *         "inputTokens": 8120,
                     *         "outputTokens": 1904,
                     *         "cost": null,
                     *         "tokensLeft": 489976
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AssistantSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putAdminApiV1ProjectsProjectSettingsAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "provider": "openai",
                 *       "baseUrl": "http://127.0.0.1:11434/v1",
                 *       "model": "qwen3-coder",
                 *       "limits": {
                 *         "tokensPerDay": 200000
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PutAdminApiV1ProjectsProjectSettingsAssistantRequest"];
            };
        };
        responses: {
            /** @description The settings that apply now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "on",
                     *       "origin": "project",
                     *       "provider": "openai",
                     *       "baseUrl": "http://127.0.0.1:11434/v1",
                     *       "model": "qwen3-coder",
                     *       "hasKey": false,
                     *       "summaries": "code",
                     *       "limits": {
                     *         "requestSeconds": 120,
                     *         "outputTokens": 8192,
                     *         "rounds": 3,
                     *         "tokensPerDay": 500000
                     *       },
                     *       "prices": {
                     *         "inputPerMillion": null,
                     *         "outputPerMillion": null,
                     *         "currency": "USD"
                     *       },
                     *       "usage": {
                     *         "day": "2026-01-31",
                     *         "requests": 4,
                     *         "inputTokens": 8120,
                     *         "outputTokens": 1904,
                     *         "cost": null,
                     *         "tokensLeft": 489976
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AssistantSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteAdminApiV1ProjectsProjectSettingsAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings that apply now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "on",
                     *       "origin": "project",
                     *       "provider": "openai",
                     *       "baseUrl": "http://127.0.0.1:11434/v1",
                     *       "model": "qwen3-coder",
                     *       "hasKey": false,
                     *       "summaries": "code",
                     *       "limits": {
                     *         "requestSeconds": 120,
                     *         "outputTokens": 8192,
                     *         "rounds": 3,
                     *         "tokensPerDay": 500000
                     *       },
                     *       "prices": {
                     *         "inputPerMillion": null,
                     *         "outputPerMillion": null,
                     *         "currency": "USD"
                     *       },
                     *       "usage": {
                     *         "day": "2026-01-31",
                     *         "requests": 4,
                     *         "inputTokens": 8120,
                     *         "outputTokens": 1904,
                     *         "cost": null,
                     *         "tokensLeft": 489976
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AssistantSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postAdminApiV1ProjectsProjectSettingsAssistantTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "qwen3-coder",
                     *       "milliseconds": 412,
                     *       "inputTokens": 14,
                     *       "outputTokens": 2
                     *     }
                     */
                    "application/json": components["schemas"]["AssistantTest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRollouts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rollouts, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rollouts": [
                     *         {
                     *           "id": "rol_…",
                     *           "hook": "signup",
                     *           "kind": "canary",
                     *           "version": 4,
                     *           "digest": "sha256:…",
                     *           "liveVersion": 3,
                     *           "share": 5,
                     *           "stickyBy": "user",
                     *           "until": "2026-02-01T12:00:00.000Z",
                     *           "stopIf": {
                     *             "failures": 1,
                     *             "denials": 3,
                     *             "minCalls": 200
                     *           },
                     *           "state": "running",
                     *           "reason": null,
                     *           "verdict": "too_early",
                     *           "comparison": {
                     *             "live": {
                     *               "version": 3,
                     *               "calls": 4810,
                     *               "failures": 5,
                     *               "failuresPercent": 0.1,
                     *               "denials": 87,
                     *               "denialsPercent": 1.81,
                     *               "timeUs": {
                     *                 "p50": 720,
                     *                 "p95": 912
                     *               },
                     *               "fuel": {
                     *                 "p50": 108544,
                     *                 "p95": 118784
                     *               }
                     *             },
                     *             "candidate": {
                     *               "version": 4,
                     *               "calls": 14,
                     *               "failures": 0,
                     *               "failuresPercent": 0,
                     *               "denials": 1,
                     *               "denialsPercent": 7.14,
                     *               "timeUs": {
                     *                 "p50": 784,
                     *                 "p95": 1104
                     *               },
                     *               "fuel": {
                     *                 "p50": 120832,
                     *                 "p95": 141312
                     *               }
                     *             },
                     *             "shadow": null
                     *           },
                     *           "createdBy": "admin:…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "endedBy": null,
                     *           "endedAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RolloutList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getHooksHookRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rollout, with the figures of both versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "rol_…",
                     *       "hook": "signup",
                     *       "kind": "canary",
                     *       "version": 4,
                     *       "digest": "sha256:…",
                     *       "liveVersion": 3,
                     *       "share": 5,
                     *       "stickyBy": "user",
                     *       "until": "2026-02-01T12:00:00.000Z",
                     *       "stopIf": {
                     *         "failures": 1,
                     *         "denials": 3,
                     *         "minCalls": 200
                     *       },
                     *       "state": "running",
                     *       "reason": null,
                     *       "verdict": "too_early",
                     *       "comparison": {
                     *         "live": {
                     *           "version": 3,
                     *           "calls": 4810,
                     *           "failures": 5,
                     *           "failuresPercent": 0.1,
                     *           "denials": 87,
                     *           "denialsPercent": 1.81,
                     *           "timeUs": {
                     *             "p50": 720,
                     *             "p95": 912
                     *           },
                     *           "fuel": {
                     *             "p50": 108544,
                     *             "p95": 118784
                     *           }
                     *         },
                     *         "candidate": {
                     *           "version": 4,
                     *           "calls": 14,
                     *           "failures": 0,
                     *           "failuresPercent": 0,
                     *           "denials": 1,
                     *           "denialsPercent": 7.14,
                     *           "timeUs": {
                     *             "p50": 784,
                     *             "p95": 1104
                     *           },
                     *           "fuel": {
                     *             "p50": 120832,
                     *             "p95": 141312
                     *           }
                     *         },
                     *         "shadow": null
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "endedBy": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putHooksHookRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "canary",
                 *       "version": 4,
                 *       "share": 5,
                 *       "until": "2026-02-01T12:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["PutHooksHookRolloutRequest"];
            };
        };
        responses: {
            /** @description The rollout. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "rol_…",
                     *       "hook": "signup",
                     *       "kind": "canary",
                     *       "version": 4,
                     *       "digest": "sha256:…",
                     *       "liveVersion": 3,
                     *       "share": 5,
                     *       "stickyBy": "user",
                     *       "until": "2026-02-01T12:00:00.000Z",
                     *       "stopIf": {
                     *         "failures": 1,
                     *         "denials": 3,
                     *         "minCalls": 200
                     *       },
                     *       "state": "running",
                     *       "reason": null,
                     *       "verdict": "too_early",
                     *       "comparison": {
                     *         "live": {
                     *           "version": 3,
                     *           "calls": 4810,
                     *           "failures": 5,
                     *           "failuresPercent": 0.1,
                     *           "denials": 87,
                     *           "denialsPercent": 1.81,
                     *           "timeUs": {
                     *             "p50": 720,
                     *             "p95": 912
                     *           },
                     *           "fuel": {
                     *             "p50": 108544,
                     *             "p95": 118784
                     *           }
                     *         },
                     *         "candidate": {
                     *           "version": 4,
                     *           "calls": 14,
                     *           "failures": 0,
                     *           "failuresPercent": 0,
                     *           "denials": 1,
                     *           "denialsPercent": 7.14,
                     *           "timeUs": {
                     *             "p50": 784,
                     *             "p95": 1104
                     *           },
                     *           "fuel": {
                     *             "p50": 120832,
                     *             "p95": 141312
                     *           }
                     *         },
                     *         "shadow": null
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "endedBy": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description The rollout. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "rol_…",
                     *       "hook": "signup",
                     *       "kind": "canary",
                     *       "version": 4,
                     *       "digest": "sha256:…",
                     *       "liveVersion": 3,
                     *       "share": 5,
                     *       "stickyBy": "user",
                     *       "until": "2026-02-01T12:00:00.000Z",
                     *       "stopIf": {
                     *         "failures": 1,
                     *         "denials": 3,
                     *         "minCalls": 200
                     *       },
                     *       "state": "running",
                     *       "reason": null,
                     *       "verdict": "too_early",
                     *       "comparison": {
                     *         "live": {
                     *           "version": 3,
                     *           "calls": 4810,
                     *           "failures": 5,
                     *           "failuresPercent": 0.1,
                     *           "denials": 87,
                     *           "denialsPercent": 1.81,
                     *           "timeUs": {
                     *             "p50": 720,
                     *             "p95": 912
                     *           },
                     *           "fuel": {
                     *             "p50": 108544,
                     *             "p95": 118784
                     *           }
                     *         },
                     *         "candidate": {
                     *           "version": 4,
                     *           "calls": 14,
                     *           "failures": 0,
                     *           "failuresPercent": 0,
                     *           "denials": 1,
                     *           "denialsPercent": 7.14,
                     *           "timeUs": {
                     *             "p50": 784,
                     *             "p95": 1104
                     *           },
                     *           "fuel": {
                     *             "p50": 120832,
                     *             "p95": 141312
                     *           }
                     *         },
                     *         "shadow": null
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "endedBy": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteHooksHookRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rollout was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "rol_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postHooksHookRolloutStop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rollout. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "rol_…",
                     *       "hook": "signup",
                     *       "kind": "canary",
                     *       "version": 4,
                     *       "digest": "sha256:…",
                     *       "liveVersion": 3,
                     *       "share": 5,
                     *       "stickyBy": "user",
                     *       "until": "2026-02-01T12:00:00.000Z",
                     *       "stopIf": {
                     *         "failures": 1,
                     *         "denials": 3,
                     *         "minCalls": 200
                     *       },
                     *       "state": "running",
                     *       "reason": null,
                     *       "verdict": "too_early",
                     *       "comparison": {
                     *         "live": {
                     *           "version": 3,
                     *           "calls": 4810,
                     *           "failures": 5,
                     *           "failuresPercent": 0.1,
                     *           "denials": 87,
                     *           "denialsPercent": 1.81,
                     *           "timeUs": {
                     *             "p50": 720,
                     *             "p95": 912
                     *           },
                     *           "fuel": {
                     *             "p50": 108544,
                     *             "p95": 118784
                     *           }
                     *         },
                     *         "candidate": {
                     *           "version": 4,
                     *           "calls": 14,
                     *           "failures": 0,
                     *           "failuresPercent": 0,
                     *           "denials": 1,
                     *           "denialsPercent": 7.14,
                     *           "timeUs": {
                     *             "p50": 784,
                     *             "p95": 1104
                     *           },
                     *           "fuel": {
                     *             "p50": 120832,
                     *             "p95": 141312
                     *           }
                     *         },
                     *         "shadow": null
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "endedBy": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postHooksHookRolloutPromote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "message": "Refuse disposable addresses"
                 *     }
                 */
                "application/json": components["schemas"]["PostHooksHookRolloutPromoteRequest"];
            };
        };
        responses: {
            /** @description The live deployment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deployment": {
                     *         "id": "dep_…",
                     *         "number": 4,
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "createdBy": "admin:…",
                     *         "message": "Refuse disposable addresses",
                     *         "forcedReason": null
                     *       },
                     *       "migrations": [],
                     *       "missingSecrets": [],
                     *       "number": 3,
                     *       "points": {
                     *         "beforeSignup": [
                     *           {
                     *             "name": "signup",
                     *             "number": 1,
                     *             "digest": "sha256:…",
                     *             "failurePolicy": "closed"
                     *           }
                     *         ]
                     *       },
                     *       "hooks": [
                     *         {
                     *           "name": "signup",
                     *           "number": 1,
                     *           "digest": "sha256:…",
                     *           "state": "enabled",
                     *           "rollout": null,
                     *           "breaker": "closed",
                     *           "hooks": [
                     *             "beforeSignup"
                     *           ],
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "schedules": {
                     *             "cleanup": "0 3 * * *"
                     *           },
                     *           "capabilities": [
                     *             "cache"
                     *           ],
                     *           "limits": {
                     *             "fuel": 2000000000,
                     *             "memoryBytes": 33554432,
                     *             "deadlineMs": 2000,
                     *             "payloadBytes": 1048576,
                     *             "replyBytes": 1048576,
                     *             "logLines": 200,
                     *             "logBytes": 65536,
                     *             "hostCalls": 2000,
                     *             "hostBytes": 8388608,
                     *             "recordBytes": 262144,
                     *             "dbRows": 10000,
                     *             "dbStatementMs": 1000,
                     *             "httpRequests": 20,
                     *             "httpResponseBytes": 1048576,
                     *             "emails": 5,
                     *             "queueMessages": 50
                     *           },
                     *           "notRun": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secrets": [
                     *         {
                     *           "name": "crm_token",
                     *           "hosts": [
                     *             "api.example.com"
                     *           ],
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedBy": "account:acc_…",
                     *           "usedBy": [
                     *             {
                     *               "hook": "crm",
                     *               "version": 3
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SecretList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSecretsName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "s3cret",
                 *       "hosts": [
                 *         "api.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutSecretsNameRequest"];
            };
        };
        responses: {
            /** @description The secret without its value. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "crm_token",
                     *       "hosts": [
                     *         "api.example.com"
                     *       ],
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "account:acc_…",
                     *       "usedBy": [
                     *         {
                     *           "hook": "crm",
                     *           "version": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Secret"];
                };
            };
            /** @description The secret without its value. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "crm_token",
                     *       "hosts": [
                     *         "api.example.com"
                     *       ],
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedBy": "account:acc_…",
                     *       "usedBy": [
                     *         {
                     *           "hook": "crm",
                     *           "version": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Secret"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteSecretsName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name of what was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "crm_token"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDatabaseTables: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tables, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tables": [
                     *         {
                     *           "name": "orders",
                     *           "kind": "table",
                     *           "rows": 1200,
                     *           "bytes": 98304
                     *         },
                     *         {
                     *           "name": "totals",
                     *           "kind": "view",
                     *           "rows": null,
                     *           "bytes": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DatabaseTableList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDatabaseTablesTable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "table": {
                     *         "name": "orders",
                     *         "kind": "table",
                     *         "rows": 1200,
                     *         "bytes": 98304
                     *       },
                     *       "columns": [
                     *         {
                     *           "name": "id",
                     *           "type": "integer",
                     *           "nullable": false,
                     *           "default": null,
                     *           "key": 1
                     *         }
                     *       ],
                     *       "indexes": [
                     *         {
                     *           "name": "orders_user",
                     *           "unique": false,
                     *           "columns": [
                     *             "user_id"
                     *           ]
                     *         }
                     *       ],
                     *       "references": [
                     *         {
                     *           "columns": [
                     *             "user_id"
                     *           ],
                     *           "table": "customers",
                     *           "target": [
                     *             "id"
                     *           ],
                     *           "onDelete": "cascade"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DatabaseTableDetail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDatabaseTablesTableRows: {
        parameters: {
            query?: {
                /** @description Rows per page; 50 if omitted. */
                limit?: number;
                /** @description `next` of the page before. */
                after?: string;
                /** @description By the primary key; `asc` if omitted. */
                order?: "asc" | "desc";
                /** @description Conditions that all hold, as a JSON list: `[{"column":"state","eq":"paid"},{"column":"name","prefix":"A"}]`; at most 8. `eq` with `null` finds what is not there. */
                filter?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "columns": [
                     *         "id",
                     *         "state",
                     *         "note"
                     *       ],
                     *       "rows": [
                     *         [
                     *           1,
                     *           "paid",
                     *           {
                     *             "json": {
                     *               "gift": true
                     *             }
                     *           }
                     *         ]
                     *       ],
                     *       "next": null,
                     *       "durationMs": 3
                     *     }
                     */
                    "application/json": components["schemas"]["DatabaseRows"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDatabaseQuery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sql": "SELECT state, count(*) AS orders FROM orders WHERE total > ? GROUP BY state",
                 *       "params": [
                 *         10
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostDatabaseQueryRequest"];
            };
        };
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "columns": [
                     *         "state",
                     *         "orders"
                     *       ],
                     *       "rows": [
                     *         [
                     *           "paid",
                     *           12
                     *         ]
                     *       ],
                     *       "truncated": false,
                     *       "durationMs": 4
                     *     }
                     */
                    "application/json": components["schemas"]["DatabaseQueryResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getJobs: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only jobs of this queue. */
                queue?: string;
                /** @description Only jobs in this state. */
                state?: "waiting" | "running" | "done" | "dead";
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "job_…",
                     *           "queue": "welcome",
                     *           "state": "dead",
                     *           "attempts": 8,
                     *           "hops": 0,
                     *           "idempotencyKey": null,
                     *           "orderKey": null,
                     *           "priority": "normal",
                     *           "runAt": "2026-01-31T12:00:00.000Z",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "finishedAt": "2026-01-31T13:00:00.000Z",
                     *           "error": "no answer"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getJobsJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, with its message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_…",
                     *       "queue": "welcome",
                     *       "state": "dead",
                     *       "attempts": 8,
                     *       "hops": 0,
                     *       "idempotencyKey": null,
                     *       "orderKey": null,
                     *       "priority": "normal",
                     *       "runAt": "2026-01-31T12:00:00.000Z",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": "2026-01-31T13:00:00.000Z",
                     *       "error": "no answer",
                     *       "message": {
                     *         "userId": "usr_…"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteJobsJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the deleted job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "job_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postJobsJobRequeue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, waiting to run again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_…",
                     *       "queue": "welcome",
                     *       "state": "waiting",
                     *       "attempts": 0,
                     *       "hops": 0,
                     *       "idempotencyKey": null,
                     *       "orderKey": null,
                     *       "priority": "normal",
                     *       "runAt": "2026-01-31T12:00:00.000Z",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null,
                     *       "error": "no answer",
                     *       "message": {
                     *         "userId": "usr_…"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getQueues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of jobs of each queue, by state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queues": [
                     *         {
                     *           "name": "welcome",
                     *           "waiting": 0,
                     *           "running": 0,
                     *           "done": 12,
                     *           "dead": 0,
                     *           "oldestWaitingAt": null,
                     *           "consumer": {
                     *             "hook": "mails",
                     *             "version": 3,
                     *             "state": "enabled"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postQueuesQueueRequeue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "state": "dead"
                 *     }
                 */
                "application/json": components["schemas"]["PostQueuesQueueRequeueRequest"];
            };
        };
        responses: {
            /** @description The number of jobs requeued. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "requeued": 12,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": components["schemas"]["RequeuedJobs"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedules": [
                     *         {
                     *           "hook": "reports",
                     *           "name": "nightly",
                     *           "pattern": "0 3 * * *",
                     *           "state": "enabled",
                     *           "nextAt": [
                     *             "2026-02-01T03:00:00.000Z",
                     *             "2026-02-02T03:00:00.000Z",
                     *             "2026-02-03T03:00:00.000Z"
                     *           ],
                     *           "queue": "cron.nightly/reports",
                     *           "lastRun": {
                     *             "job": "job_…",
                     *             "at": "2026-01-31T03:00:00.000Z",
                     *             "state": "done",
                     *             "error": null,
                     *             "invocation": "inv_…"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSchedulesHookNameRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                hook: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, waiting to run. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_…",
                     *       "queue": "cron.nightly/reports",
                     *       "state": "waiting",
                     *       "attempts": 0,
                     *       "hops": 0,
                     *       "idempotencyKey": null,
                     *       "orderKey": null,
                     *       "priority": "normal",
                     *       "runAt": "2026-01-31T12:00:00.000Z",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null,
                     *       "error": null,
                     *       "message": {
                     *         "type": "cron.nightly",
                     *         "data": {
                     *           "scheduledAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getBackgroundFailures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What fails; empty lists if nothing does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queues": [
                     *         {
                     *           "name": "welcome",
                     *           "waiting": 0,
                     *           "running": 0,
                     *           "done": 12,
                     *           "dead": 1,
                     *           "oldestWaitingAt": null,
                     *           "consumer": {
                     *             "hook": "mails",
                     *             "version": 3,
                     *             "state": "enabled"
                     *           }
                     *         }
                     *       ],
                     *       "webhooks": []
                     *     }
                     */
                    "application/json": components["schemas"]["BackgroundFailures"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInvocations: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only invocations of this hook. */
                hook?: string;
                /** @description Only invocations at this hook point, or for this event, queue (`queue.<name>`) or schedule (`cron.<name>`). */
                point?: string;
                /** @description Only invocations of the version with this number. */
                version?: number;
                /** @description Only invocations with this outcome: `allow`, `deny`, `patch`, the error code of a failure, or `failure` for all of these codes. */
                outcome?: string;
                /** @description Only invocations of the live version, of a canary, or of a shadow. */
                mode?: "live" | "canary" | "shadow";
                /** @description Only invocations of this request. */
                requestId?: string;
                /** @description Only invocations about this user: id, or email address of an existing user. Before a sign-up there is no user. */
                user?: string;
                /** @description Only invocations that were recorded at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only invocations that were recorded before this time (RFC 3339). */
                to?: string;
                /** @description Only invocations that took at least so many microseconds. */
                minDurationUs?: number;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
                /** @description Cursor for polling: only invocations newer than this id. Cannot be combined with `before`. */
                after?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invocations, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invocations": [
                     *         {
                     *           "id": "inv_…",
                     *           "requestId": "req_…",
                     *           "hook": "signup",
                     *           "point": "beforeSignup",
                     *           "version": 1,
                     *           "digest": "sha256:…",
                     *           "mode": "live",
                     *           "user": "usr_…",
                     *           "outcome": "hook_failed",
                     *           "durationUs": 850,
                     *           "fuel": 120000,
                     *           "memoryPeakBytes": 1310720,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "logs": [
                     *             {
                     *               "level": "info",
                     *               "message": "checking"
                     *             }
                     *           ],
                     *           "logsDropped": 0,
                     *           "denial": null,
                     *           "error": {
                     *             "name": "TypeError",
                     *             "message": "not a function",
                     *             "stack": "at check (hooks/signup.ts:3:7)",
                     *             "file": "hooks/signup.ts",
                     *             "line": 3,
                     *             "column": 7
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["InvocationList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInvocationsStream: {
        parameters: {
            query?: {
                /** @description Only invocations of this hook. */
                hook?: string;
                /** @description Only invocations at this hook point, or for this event, queue (`queue.<name>`) or schedule (`cron.<name>`). */
                point?: string;
                /** @description Only invocations of the version with this number. */
                version?: number;
                /** @description Only invocations with this outcome: `allow`, `deny`, `patch`, the error code of a failure, or `failure` for all of these codes. */
                outcome?: string;
                /** @description Only invocations of the live version, of a canary, or of a shadow. */
                mode?: "live" | "canary" | "shadow";
                /** @description Only invocations of this request. */
                requestId?: string;
                /** @description Only invocations about this user: id, or email address of an existing user. Before a sign-up there is no user. */
                user?: string;
                /** @description Only invocations that were recorded at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only invocations that were recorded before this time (RFC 3339). */
                to?: string;
                /** @description Only invocations that took at least so many microseconds. */
                minDurationUs?: number;
                /** @description Id of the invocation to start after; for clients that cannot send `Last-Event-ID`. */
                after?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInvocationsHistogram: {
        parameters: {
            query?: {
                /** @description Length of a step in seconds. If omitted, one that makes at most 120 steps. */
                step?: number;
                /** @description Only invocations of this hook. */
                hook?: string;
                /** @description Only invocations at this hook point, or for this event, queue (`queue.<name>`) or schedule (`cron.<name>`). */
                point?: string;
                /** @description Only invocations of the version with this number. */
                version?: number;
                /** @description Only invocations with this outcome: `allow`, `deny`, `patch`, the error code of a failure, or `failure` for all of these codes. */
                outcome?: string;
                /** @description Only invocations of the live version, of a canary, or of a shadow. */
                mode?: "live" | "canary" | "shadow";
                /** @description Only invocations of this request. */
                requestId?: string;
                /** @description Only invocations about this user: id, or email address of an existing user. Before a sign-up there is no user. */
                user?: string;
                /** @description Only invocations that were recorded at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only invocations that were recorded before this time (RFC 3339). */
                to?: string;
                /** @description Only invocations that took at least so many microseconds. */
                minDurationUs?: number;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T12:00:00.000Z",
                     *       "to": "2026-01-31T12:01:00.000Z",
                     *       "stepSeconds": 60,
                     *       "isComplete": true,
                     *       "buckets": [
                     *         {
                     *           "at": "2026-01-31T12:00:00.000Z",
                     *           "allow": 912,
                     *           "patch": 22,
                     *           "deny": 14,
                     *           "failure": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InvocationHistogram"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getFigures: {
        parameters: {
            query?: {
                /** @description What is counted, or the percentile of times in microseconds; `calls` if omitted. */
                metric?: "calls" | "denials" | "failures" | "p50" | "p95";
                /** @description What there is a series for; `all` if omitted. */
                by?: "all" | "hook" | "point" | "outcome" | "version";
                /** @description Length of a step in seconds. If omitted, one that makes at most 120 steps. */
                step?: number;
                /** @description Only invocations of this hook. */
                hook?: string;
                /** @description Only invocations at this hook point, or for this event, queue (`queue.<name>`) or schedule (`cron.<name>`). */
                point?: string;
                /** @description Only invocations of the version with this number. */
                version?: number;
                /** @description Only invocations with this outcome: `allow`, `deny`, `patch`, the error code of a failure, or `failure` for all of these codes. */
                outcome?: string;
                /** @description Only invocations of the live version, of a canary, or of a shadow. */
                mode?: "live" | "canary" | "shadow";
                /** @description Only invocations of this request. */
                requestId?: string;
                /** @description Only invocations about this user: id, or email address of an existing user. Before a sign-up there is no user. */
                user?: string;
                /** @description Only invocations that were recorded at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only invocations that were recorded before this time (RFC 3339). */
                to?: string;
                /** @description Only invocations that took at least so many microseconds. */
                minDurationUs?: number;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The series. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "metric": "calls",
                     *       "by": "hook",
                     *       "from": "2026-01-31T00:00:00.000Z",
                     *       "to": "2026-01-31T02:00:00.000Z",
                     *       "stepSeconds": 3600,
                     *       "isComplete": true,
                     *       "series": [
                     *         {
                     *           "key": "signup",
                     *           "calls": 4810,
                     *           "values": [
                     *             2405,
                     *             2405
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FigureSeries"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRequestsRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                request: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "req_…",
                     *       "endpoint": "POST /auth/register",
                     *       "at": "2026-01-31T12:00:00.000Z",
                     *       "invocations": [],
                     *       "events": [
                     *         {
                     *           "id": "evt_…",
                     *           "type": "auth.signup",
                     *           "version": 1,
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "project": "shop",
                     *           "environment": "production",
                     *           "actor": "anonymous",
                     *           "subject": null,
                     *           "data": {}
                     *         }
                     *       ],
                     *       "jobs": [],
                     *       "mails": [],
                     *       "deliveries": [],
                     *       "later": [],
                     *       "isComplete": true
                     *     }
                     */
                    "application/json": components["schemas"]["RequestTrace"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSearch: {
        parameters: {
            query: {
                /** @description The beginning of an email address, a part of the name of a hook, or an id. */
                q: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "kind": "hook",
                     *           "id": "signup",
                     *           "title": "signup"
                     *         },
                     *         {
                     *           "kind": "user",
                     *           "id": "usr_…",
                     *           "title": "ada@example.com"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SearchResults"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInvocationsInvocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                invocation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invocation, with its context, payload, reply, logs and host calls. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inv_…",
                     *       "requestId": "req_…",
                     *       "hook": "signup",
                     *       "point": "beforeSignup",
                     *       "version": 1,
                     *       "digest": "sha256:…",
                     *       "mode": "live",
                     *       "user": "usr_…",
                     *       "outcome": "hook_failed",
                     *       "durationUs": 850,
                     *       "fuel": 120000,
                     *       "memoryPeakBytes": 1310720,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "logs": [
                     *         {
                     *           "level": "info",
                     *           "message": "checking"
                     *         }
                     *       ],
                     *       "logsDropped": 0,
                     *       "context": {
                     *         "projectId": "shop",
                     *         "environment": "production",
                     *         "requestId": "req_…",
                     *         "invocationId": "inv_…",
                     *         "hook": "beforeSignup",
                     *         "endpoint": "POST /auth/register",
                     *         "time": "2026-01-31T12:00:00.000Z",
                     *         "attempt": 1,
                     *         "request": {
                     *           "ip": "203.0.113.9",
                     *           "userAgent": "curl/8.5.0",
                     *           "method": "POST",
                     *           "path": "/auth/register",
                     *           "locale": "en",
                     *           "headers": [
                     *             [
                     *               "x-region",
                     *               "eu"
                     *             ]
                     *           ]
                     *         },
                     *         "version": {
                     *           "number": 1
                     *         }
                     *       },
                     *       "payload": {
                     *         "user": {
                     *           "email": "ada@example.com"
                     *         }
                     *       },
                     *       "reply": {
                     *         "kind": "failure",
                     *         "code": "hook_failed",
                     *         "message": "TypeError: not a function at hooks/signup.ts:3:7",
                     *         "error": {
                     *           "name": "TypeError",
                     *           "message": "not a function",
                     *           "stack": "at check (hooks/signup.ts:3:7)",
                     *           "file": "hooks/signup.ts",
                     *           "line": 3,
                     *           "column": 7
                     *         }
                     *       },
                     *       "hostCalls": [
                     *         {
                     *           "name": "cache.get",
                     *           "arguments": {
                     *             "key": "seen"
                     *           },
                     *           "answer": null,
                     *           "durationUs": 40
                     *         }
                     *       ],
                     *       "completeness": "whole"
                     *     }
                     */
                    "application/json": components["schemas"]["InvocationDetail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postInvocationsInvocationReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                invocation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "target": 4
                 *     }
                 */
                "application/json": components["schemas"]["PostInvocationsInvocationReplayRequest"];
            };
        };
        responses: {
            /** @description How both runs compare. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invocation": "inv_…",
                     *       "verdict": "changed",
                     *       "reason": null,
                     *       "divergesAt": null,
                     *       "target": {
                     *         "version": 4,
                     *         "digest": "sha256:…"
                     *       },
                     *       "recorded": {
                     *         "outcome": "allow",
                     *         "reply": {
                     *           "kind": "allow"
                     *         },
                     *         "fuel": 120000
                     *       },
                     *       "replayed": {
                     *         "outcome": "deny",
                     *         "reply": {
                     *           "kind": "deny",
                     *           "code": "free_provider",
                     *           "message": "Please use your work address",
                     *           "status": 403
                     *         },
                     *         "fuel": 121000
                     *       },
                     *       "logs": [],
                     *       "hostCalls": []
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayResult"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getInvocationsInvocationRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                invocation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invocation": "inv_…",
                     *       "hook": "signup",
                     *       "point": "beforeSignup",
                     *       "version": 3,
                     *       "digest": "sha256:…",
                     *       "context": "{\"projectId\":\"shop\"}",
                     *       "payload": "{\"user\":{\"email\":\"ada@example.com\"}}",
                     *       "reply": "{\"kind\":\"allow\"}",
                     *       "outcome": "allow",
                     *       "fuel": 120000,
                     *       "calls": [
                     *         {
                     *           "name": "cache.get",
                     *           "arguments": "[\"seen\"]",
                     *           "answer": "null"
                     *         }
                     *       ],
                     *       "clockMs": [
                     *         1795464000123.456
                     *       ],
                     *       "seed": "00000000000000000000000000000000000000000000000000000000000000ff"
                     *     }
                     */
                    "application/json": components["schemas"]["Recording"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postInvocationsInvocationCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                invocation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "free-mail"
                 *     }
                 */
                "application/json": components["schemas"]["PostInvocationsInvocationCaseRequest"];
            };
        };
        responses: {
            /** @description The case. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "name": "free-mail",
                     *       "point": "beforeSignup",
                     *       "document": {
                     *         "hook": "beforeSignup",
                     *         "payload": {
                     *           "user": {
                     *             "email": "person1@gmail.com"
                     *           }
                     *         },
                     *         "expect": {
                     *           "reply": {
                     *             "kind": "allow"
                     *           }
                     *         }
                     *       },
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["HookCase"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getBacktests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last backtests, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "backtests": [
                     *         {
                     *           "id": "bkt_…",
                     *           "hook": "signup",
                     *           "target": {
                     *             "version": 4,
                     *             "digest": "sha256:…"
                     *           },
                     *           "state": "done",
                     *           "reason": null,
                     *           "total": 984,
                     *           "done": 984,
                     *           "figures": {
                     *             "same": 932,
                     *             "identical": 890,
                     *             "nowDenied": 41,
                     *             "nowAllowed": 2,
                     *             "newFailures": 3,
                     *             "other": 0,
                     *             "unknown": 6,
                     *             "matrix": {
                     *               "allow": {
                     *                 "allow": 912,
                     *                 "deny": 41,
                     *                 "failure": 3,
                     *                 "unknown": 6
                     *               },
                     *               "deny": {
                     *                 "allow": 2,
                     *                 "deny": 14
                     *               },
                     *               "patch": {
                     *                 "patch": 22
                     *               }
                     *             },
                     *             "unknownReasons": {
                     *               "diverged": 6
                     *             },
                     *             "fuel": {
                     *               "p50Before": 110000,
                     *               "p50After": 121000,
                     *               "p95Before": 118000,
                     *               "p95After": 141000,
                     *               "p95Percent": 19.5
                     *             },
                     *             "timeUs": {
                     *               "p50Before": 700,
                     *               "p50After": 800,
                     *               "p95Before": 900,
                     *               "p95After": 1100,
                     *               "p95Percent": 22.2
                     *             }
                     *           },
                     *           "dropped": 0,
                     *           "createdBy": "admin:…",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "finishedAt": "2026-01-31T12:00:01.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postBacktests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hook": "signup",
                 *       "target": 4,
                 *       "limit": 1000
                 *     }
                 */
                "application/json": components["schemas"]["PostBacktestsRequest"];
            };
        };
        responses: {
            /** @description The backtest. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bkt_…",
                     *       "hook": "signup",
                     *       "target": {
                     *         "version": 4,
                     *         "digest": "sha256:…"
                     *       },
                     *       "state": "done",
                     *       "reason": null,
                     *       "total": 984,
                     *       "done": 984,
                     *       "figures": {
                     *         "same": 932,
                     *         "identical": 890,
                     *         "nowDenied": 41,
                     *         "nowAllowed": 2,
                     *         "newFailures": 3,
                     *         "other": 0,
                     *         "unknown": 6,
                     *         "matrix": {
                     *           "allow": {
                     *             "allow": 912,
                     *             "deny": 41,
                     *             "failure": 3,
                     *             "unknown": 6
                     *           },
                     *           "deny": {
                     *             "allow": 2,
                     *             "deny": 14
                     *           },
                     *           "patch": {
                     *             "patch": 22
                     *           }
                     *         },
                     *         "unknownReasons": {
                     *           "diverged": 6
                     *         },
                     *         "fuel": {
                     *           "p50Before": 110000,
                     *           "p50After": 121000,
                     *           "p95Before": 118000,
                     *           "p95After": 141000,
                     *           "p95Percent": 19.5
                     *         },
                     *         "timeUs": {
                     *           "p50Before": 700,
                     *           "p50After": 800,
                     *           "p95Before": 900,
                     *           "p95After": 1100,
                     *           "p95Percent": 22.2
                     *         }
                     *       },
                     *       "dropped": 0,
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": "2026-01-31T12:00:01.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Backtest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postBacktestsPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hook": "signup",
                 *       "limit": 1000
                 *     }
                 */
                "application/json": components["schemas"]["PostBacktestsPlanRequest"];
            };
        };
        responses: {
            /** @description The numbers of invocations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hook": "signup",
                     *       "calls": 984,
                     *       "replayable": 980,
                     *       "redacted": 1,
                     *       "cut": 2,
                     *       "unrepeatable": 1,
                     *       "keptSince": "2026-01-24T12:00:00.000Z",
                     *       "dropped": 0
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestPlan"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getBacktestsBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                backtest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backtest, as far as it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bkt_…",
                     *       "hook": "signup",
                     *       "target": {
                     *         "version": 4,
                     *         "digest": "sha256:…"
                     *       },
                     *       "state": "done",
                     *       "reason": null,
                     *       "total": 984,
                     *       "done": 984,
                     *       "figures": {
                     *         "same": 932,
                     *         "identical": 890,
                     *         "nowDenied": 41,
                     *         "nowAllowed": 2,
                     *         "newFailures": 3,
                     *         "other": 0,
                     *         "unknown": 6,
                     *         "matrix": {
                     *           "allow": {
                     *             "allow": 912,
                     *             "deny": 41,
                     *             "failure": 3,
                     *             "unknown": 6
                     *           },
                     *           "deny": {
                     *             "allow": 2,
                     *             "deny": 14
                     *           },
                     *           "patch": {
                     *             "patch": 22
                     *           }
                     *         },
                     *         "unknownReasons": {
                     *           "diverged": 6
                     *         },
                     *         "fuel": {
                     *           "p50Before": 110000,
                     *           "p50After": 121000,
                     *           "p95Before": 118000,
                     *           "p95After": 141000,
                     *           "p95Percent": 19.5
                     *         },
                     *         "timeUs": {
                     *           "p50Before": 700,
                     *           "p50After": 800,
                     *           "p95Before": 900,
                     *           "p95After": 1100,
                     *           "p95Percent": 22.2
                     *         }
                     *       },
                     *       "dropped": 0,
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": "2026-01-31T12:00:01.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Backtest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteBacktestsBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                backtest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of what was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "bkt_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getBacktestsBacktestRows: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only invocations for which this changed. */
                kind?: "same" | "now_denied" | "now_allowed" | "new_failure" | "other" | "unknown";
                /** @description Only invocations with this decision then. */
                from?: "allow" | "patch" | "deny" | "failure" | "unknown";
                /** @description Only invocations with this decision now. */
                to?: "allow" | "patch" | "deny" | "failure" | "unknown";
                /** @description Cursor: `next` of the previous page. */
                after?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
                backtest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invocations, in the order in which they were run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rows": [
                     *         {
                     *           "id": "bkt_…/000017",
                     *           "invocation": "inv_…",
                     *           "point": "beforeSignup",
                     *           "at": "2026-01-31T12:00:00.000Z",
                     *           "kind": "now_denied",
                     *           "from": "allow",
                     *           "to": "deny",
                     *           "verdict": "changed",
                     *           "reason": null,
                     *           "divergesAt": null,
                     *           "code": "free_provider",
                     *           "message": "Please use your work address",
                     *           "error": null,
                     *           "fuelBefore": 118000,
                     *           "fuelAfter": 121000
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestRowList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postBacktestsBacktestStop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                backtest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backtest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bkt_…",
                     *       "hook": "signup",
                     *       "target": {
                     *         "version": 4,
                     *         "digest": "sha256:…"
                     *       },
                     *       "state": "done",
                     *       "reason": null,
                     *       "total": 984,
                     *       "done": 984,
                     *       "figures": {
                     *         "same": 932,
                     *         "identical": 890,
                     *         "nowDenied": 41,
                     *         "nowAllowed": 2,
                     *         "newFailures": 3,
                     *         "other": 0,
                     *         "unknown": 6,
                     *         "matrix": {
                     *           "allow": {
                     *             "allow": 912,
                     *             "deny": 41,
                     *             "failure": 3,
                     *             "unknown": 6
                     *           },
                     *           "deny": {
                     *             "allow": 2,
                     *             "deny": 14
                     *           },
                     *           "patch": {
                     *             "patch": 22
                     *           }
                     *         },
                     *         "unknownReasons": {
                     *           "diverged": 6
                     *         },
                     *         "fuel": {
                     *           "p50Before": 110000,
                     *           "p50After": 121000,
                     *           "p95Before": 118000,
                     *           "p95After": 141000,
                     *           "p95Percent": 19.5
                     *         },
                     *         "timeUs": {
                     *           "p50Before": 700,
                     *           "p50After": 800,
                     *           "p95Before": 900,
                     *           "p95After": 1100,
                     *           "p95Percent": 22.2
                     *         }
                     *       },
                     *       "dropped": 0,
                     *       "createdBy": "admin:…",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": "2026-01-31T12:00:01.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Backtest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signing keys, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kid": "key_…",
                     *           "state": "signing",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "activeAt": "2026-01-31T12:00:00.000Z",
                     *           "retiredAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SigningKeyList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSigningKeysRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "immediately": false
                 *     }
                 */
                "application/json": components["schemas"]["PostSigningKeysRotateRequest"];
            };
        };
        responses: {
            /** @description The new key and all others. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kid": "key_…",
                     *       "keys": [
                     *         {
                     *           "kid": "key_…",
                     *           "state": "next",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "activeAt": "2026-01-31T12:10:00.000Z",
                     *           "retiredAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SigningKeyRotation"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                /** @description Only entries with this action, such as `user.banned`. */
                action?: string;
                /** @description Only entries by this actor, such as `admin:adm_…`. */
                actor?: string;
                /** @description Only entries about this target: an id or a name. */
                target?: string;
                /** @description Only entries of this time (RFC 3339) or later. */
                from?: string;
                /** @description Only entries before this time (RFC 3339). */
                to?: string;
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "audit": [
                     *         {
                     *           "id": "aud_…",
                     *           "project": "shop",
                     *           "environment": "production",
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "actor": "admin:adm_…",
                     *           "actorEmail": null,
                     *           "via": null,
                     *           "action": "user.banned",
                     *           "target": "usr_…",
                     *           "ip": "203.0.113.9",
                     *           "requestId": "req_…",
                     *           "data": {
                     *             "until": null,
                     *             "reason": "spam"
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1Audit: {
        parameters: {
            query?: {
                /** @description Only entries with this action, such as `user.banned`. */
                action?: string;
                /** @description Only entries by this actor, such as `admin:adm_…`. */
                actor?: string;
                /** @description Only entries about this target: an id or a name. */
                target?: string;
                /** @description Only entries of this time (RFC 3339) or later. */
                from?: string;
                /** @description Only entries before this time (RFC 3339). */
                to?: string;
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "audit": [
                     *         {
                     *           "id": "aud_…",
                     *           "project": null,
                     *           "environment": null,
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "actor": "server",
                     *           "actorEmail": null,
                     *           "via": null,
                     *           "action": "admin_token.created",
                     *           "target": "adm_…",
                     *           "ip": "",
                     *           "requestId": "",
                     *           "data": {
                     *             "name": "ops"
                     *           }
                     *         }
                     *       ],
                     *       "next": "aud_…"
                     *     }
                     */
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsers: {
        parameters: {
            query?: {
                /** @description The id of a user; the beginning of a phone number, from `+` on; the beginning of an email address with `@`; or else that of the email address or the name, without regard to upper and lower case. */
                q?: string;
                /** @description Beginning of the email address; found by an index, unlike a name. Not together with `q`. */
                email?: string;
                /** @description Only users who are banned now, or only others. */
                banned?: boolean;
                /** @description Only users whose email address is verified, or only others. */
                verified?: boolean;
                /** @description Only accounts that were created like this, such as `password` or the name of an identity provider. */
                provider?: string;
                /** @description Only accounts that were created at this time (RFC 3339) or later. */
                createdAfter?: string;
                /** @description Only accounts that were created before this time (RFC 3339). */
                createdBefore?: string;
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "users": [
                     *         {
                     *           "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "email": "ada@example.com",
                     *           "emailVerified": true,
                     *           "metadata": {},
                     *           "publicMetadata": {},
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "provider": "password",
                     *           "hasPassword": true,
                     *           "lastLoginAt": null,
                     *           "banned": false,
                     *           "bannedUntil": null,
                     *           "banReason": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUsers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "emailVerified": true
                 *     }
                 */
                "application/json": components["schemas"]["PostUsersRequest"];
            };
        };
        responses: {
            /** @description The user. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": null,
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserEnvelope"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsersUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": null,
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserEnvelope"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUsersUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the deleted user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchUsersUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada",
                 *       "publicMetadata": {
                 *         "plan": "gold"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PatchUsersUserRequest"];
            };
        };
        responses: {
            /** @description The updated user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": null,
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserEnvelope"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUsersUserBan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "until": "2999-01-31T12:00:00Z",
                 *       "reason": "spam"
                 *     }
                 */
                "application/json": components["schemas"]["PostUsersUserBanRequest"];
            };
        };
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": null,
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserEnvelope"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUsersUserUnban: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": null,
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserEnvelope"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUsersUserLogout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of sessions revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revoked": 2
                     *     }
                     */
                    "application/json": components["schemas"]["RevokedSessions"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsersUserExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *         "email": "ada@example.com",
                     *         "emailVerified": true,
                     *         "metadata": {},
                     *         "publicMetadata": {},
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z",
                     *         "provider": "password",
                     *         "hasPassword": true,
                     *         "lastLoginAt": "2026-01-31T12:00:00.000Z",
                     *         "banned": false,
                     *         "bannedUntil": null,
                     *         "banReason": null
                     *       },
                     *       "sessions": [
                     *         {
                     *           "id": "ses_…",
                     *           "provider": "password",
                     *           "client": {},
                     *           "ip": "203.0.113.9",
                     *           "userAgent": "Mozilla/5.0",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-03-02T12:00:00.000Z",
                     *           "revokedAt": null
                     *         }
                     *       ],
                     *       "identities": [
                     *         {
                     *           "provider": "google",
                     *           "subject": "110169484474386276334",
                     *           "email": "ada@example.com",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "factors": [
                     *         {
                     *           "id": "mfa_…",
                     *           "kind": "totp",
                     *           "name": "My phone",
                     *           "state": "verified",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "verifiedAt": "2026-01-31T12:01:00.000Z"
                     *         }
                     *       ],
                     *       "events": [
                     *         {
                     *           "id": "evt_…",
                     *           "type": "auth.login",
                     *           "version": 1,
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "actor": "user:usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "data": {}
                     *         }
                     *       ],
                     *       "audit": [
                     *         {
                     *           "id": "aud_…",
                     *           "project": "shop",
                     *           "environment": "production",
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "actor": "admin:adm_…",
                     *           "actorEmail": null,
                     *           "via": null,
                     *           "action": "user.exported",
                     *           "target": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f",
                     *           "ip": "203.0.113.9",
                     *           "requestId": "req_…",
                     *           "data": {}
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UserExport"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsersUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessions": [
                     *         {
                     *           "id": "ses_…",
                     *           "provider": "password",
                     *           "methods": [
                     *             "pwd"
                     *           ],
                     *           "client": {},
                     *           "ip": "203.0.113.9",
                     *           "userAgent": "Mozilla/5.0",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-03-02T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UserSessionList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUsersUserSessionsSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the revoked session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsersUserFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The factors, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "factors": [
                     *         {
                     *           "id": "mfa_…",
                     *           "kind": "totp",
                     *           "name": "My phone",
                     *           "state": "verified",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "verifiedAt": "2026-01-31T12:01:00.000Z"
                     *         }
                     *       ],
                     *       "recoveryCodesLeft": 10
                     *     }
                     */
                    "application/json": components["schemas"]["UserFactorList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUsersUserFactorsFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
                factor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The remaining factors. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "factors": [
                     *         {
                     *           "id": "mfa_…",
                     *           "kind": "totp",
                     *           "name": "My phone",
                     *           "state": "verified",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "verifiedAt": "2026-01-31T12:01:00.000Z"
                     *         }
                     *       ],
                     *       "recoveryCodesLeft": 10
                     *     }
                     */
                    "application/json": components["schemas"]["UserFactorList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getUsersUserIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The identities, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identities": [
                     *         {
                     *           "provider": "google",
                     *           "subject": "110169484474386276334",
                     *           "email": "ada@example.com",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UserIdentityList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteUsersUserIdentitiesProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The remaining identities. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identities": [
                     *         {
                     *           "provider": "google",
                     *           "subject": "110169484474386276334",
                     *           "email": "ada@example.com",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UserIdentityList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUsersUserPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["PostUsersUserPasswordResetRequest"];
            };
        };
        responses: {
            /** @description The mail is about to be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mail": "mail_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"
                     *     }
                     */
                    "application/json": components["schemas"]["QueuedMail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsAuth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All settings, with the default for those that are not set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "appName": null,
                     *       "signUp": true,
                     *       "confirmEmail": true,
                     *       "otpEmail": true,
                     *       "otpSms": false,
                     *       "magicLink": true,
                     *       "mfa": "optional",
                     *       "password": {
                     *         "minChars": 8,
                     *         "refuseCommon": true,
                     *         "refuseBreached": false
                     *       },
                     *       "sessions": {
                     *         "accessSeconds": 900,
                     *         "sessionSeconds": 2592000,
                     *         "idleSeconds": 2592000,
                     *         "refreshGraceSeconds": 10,
                     *         "recentSeconds": 3600
                     *       },
                     *       "limits": {
                     *         "perIpMinute": 120,
                     *         "failuresPerAccount": 10,
                     *         "sendsPerRecipientHour": 10,
                     *         "perProjectSecond": 2000
                     *       },
                     *       "redirectUrls": [
                     *         "https://app.example.com/welcome"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuthSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsAuth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirmEmail": true,
                 *       "redirectUrls": [
                 *         "https://app.example.com/welcome"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsAuthRequest"];
            };
        };
        responses: {
            /** @description The stored settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "appName": null,
                     *       "signUp": true,
                     *       "confirmEmail": true,
                     *       "otpEmail": true,
                     *       "otpSms": false,
                     *       "magicLink": true,
                     *       "mfa": "optional",
                     *       "password": {
                     *         "minChars": 8,
                     *         "refuseCommon": true,
                     *         "refuseBreached": false
                     *       },
                     *       "sessions": {
                     *         "accessSeconds": 900,
                     *         "sessionSeconds": 2592000,
                     *         "idleSeconds": 2592000,
                     *         "refreshGraceSeconds": 10,
                     *         "recentSeconds": 3600
                     *       },
                     *       "limits": {
                     *         "perIpMinute": 120,
                     *         "failuresPerAccount": 10,
                     *         "sendsPerRecipientHour": 10,
                     *         "perProjectSecond": 2000
                     *       },
                     *       "redirectUrls": [
                     *         "https://app.example.com/welcome"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuthSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsProviders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The identity providers, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "providers": [
                     *         {
                     *           "name": "google",
                     *           "issuer": "https://accounts.google.com",
                     *           "clientId": "1234.apps.example.com",
                     *           "scopes": [
                     *             "email",
                     *             "profile"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProviders"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsProviders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "providers": []
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsProvidersRequest"];
            };
        };
        responses: {
            /** @description The stored providers, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "providers": [
                     *         {
                     *           "name": "google",
                     *           "issuer": "https://accounts.google.com",
                     *           "clientId": "1234.apps.example.com",
                     *           "scopes": [
                     *             "email",
                     *             "profile"
                     *           ]
                     *         }
                     *       ],
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["StoredIdentityProviders"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsHttp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Hosts that hooks may send requests to. If empty, only what each hook declares counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hosts": [
                     *         "api.example.com"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HttpSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsHttp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hosts": [
                 *         "api.example.com",
                 *         "*.example.org"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsHttpRequest"];
            };
        };
        responses: {
            /** @description The stored settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hosts": [
                     *         "api.example.com"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HttpSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail settings, without the password. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "smtpUrl": null,
                     *       "from": null,
                     *       "replyTo": null
                     *     }
                     */
                    "application/json": components["schemas"]["MailSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "smtpUrl": "smtps://user:password@mail.example.com",
                 *       "from": "Shop <no-reply@example.com>"
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsMailRequest"];
            };
        };
        responses: {
            /** @description The stored settings, without the password. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "smtpUrl": null,
                     *       "from": null,
                     *       "replyTo": null
                     *     }
                     */
                    "application/json": components["schemas"]["MailSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSettingsMailTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["PostSettingsMailTestRequest"];
            };
        };
        responses: {
            /** @description What became of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result": "failed",
                     *       "problem": "the mail server refused the sender: 550 not allowed",
                     *       "durationMs": 120
                     *     }
                     */
                    "application/json": components["schemas"]["MailTest"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits that are set; the others have the server's defaults. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deadlineMs": 2000
                     *     }
                     */
                    "application/json": components["schemas"]["LimitSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "deadlineMs": 2000
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsLimitsRequest"];
            };
        };
        responses: {
            /** @description The stored settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deadlineMs": 2000
                     *     }
                     */
                    "application/json": components["schemas"]["LimitSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSettingsGates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a deployment needs besides what every deployment needs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "backtest": {
                     *         "calls": 200,
                     *         "mostChangedPercent": 5
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["GateSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putSettingsGates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "backtest": {
                 *         "calls": 200,
                 *         "mostChangedPercent": 5
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PutSettingsGatesRequest"];
            };
        };
        responses: {
            /** @description The stored settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "backtest": {
                     *         "calls": 200,
                     *         "mostChangedPercent": 5
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["GateSettings"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMails: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only mails in this state. */
                state?: "waiting" | "sent" | "captured" | "failed";
                /** @description Beginning of the recipient's address. */
                to?: string;
                /** @description Only mails of this template; the server's own begin with `aerocall-`. */
                template?: string;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mails without their bodies. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mails": [
                     *         {
                     *           "id": "mail_…",
                     *           "to": "ada@example.com",
                     *           "template": null,
                     *           "subject": "Welcome",
                     *           "state": "sent",
                     *           "attempts": 1,
                     *           "error": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "nextAttemptAt": null,
                     *           "finishedAt": "2026-01-31T12:00:01.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["MailList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMailsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail. Its bodies are included while it is waiting, and afterwards only if it was captured; the bodies of sent mails are deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "mail_…",
                     *       "to": "ada@example.com",
                     *       "template": null,
                     *       "subject": "Welcome",
                     *       "state": "captured",
                     *       "attempts": 1,
                     *       "error": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "nextAttemptAt": null,
                     *       "finishedAt": "2026-01-31T12:00:01.000Z",
                     *       "text": "Hello Ada",
                     *       "html": null
                     *     }
                     */
                    "application/json": components["schemas"]["MailDetail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMailsIdHtml: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The HTML body. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMailsIdResend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new mail is about to be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mail": "mail_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"
                     *     }
                     */
                    "application/json": components["schemas"]["QueuedMail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMailTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail templates. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "templates": [
                     *         {
                     *           "name": "welcome",
                     *           "subject": "Welcome, {{ name }}",
                     *           "text": "Hello {{ name }}",
                     *           "html": null,
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MailTemplateList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMailTemplatesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail template. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "welcome",
                     *       "subject": "Welcome, {{ name }}",
                     *       "text": "Hello {{ name }}",
                     *       "html": null,
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MailTemplate"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putMailTemplatesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "subject": "Welcome, {{ name }}",
                 *       "text": "Hello {{ name }}"
                 *     }
                 */
                "application/json": components["schemas"]["PutMailTemplatesNameRequest"];
            };
        };
        responses: {
            /** @description The mail template. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "welcome",
                     *       "subject": "Welcome, {{ name }}",
                     *       "text": "Hello {{ name }}",
                     *       "html": null,
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MailTemplate"];
                };
            };
            /** @description The mail template. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "welcome",
                     *       "subject": "Welcome, {{ name }}",
                     *       "text": "Hello {{ name }}",
                     *       "html": null,
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MailTemplate"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteMailTemplatesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name of what was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "welcome"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMailTemplatesNamePreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "subject": "Welcome, {{ name }}",
                 *       "text": "Hello {{ name }}",
                 *       "html": null,
                 *       "data": {
                 *         "name": "Ada"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostMailTemplatesNamePreviewRequest"];
            };
        };
        responses: {
            /** @description The mail as it would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "subject": "Welcome, Ada",
                     *       "text": "Hello Ada",
                     *       "html": null
                     *     }
                     */
                    "application/json": components["schemas"]["MailPreview"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAdminApiV1MailTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The templates. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "templates": [
                     *         {
                     *           "name": "otp",
                     *           "about": "A one-time code was requested.",
                     *           "subject": "Your code: {{ code }}",
                     *           "text": "Your code is {{ code }}.",
                     *           "html": null,
                     *           "variables": [
                     *             {
                     *               "name": "code",
                     *               "about": "One-time code; null if the mail has none.",
                     *               "sample": "123456"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OwnMailTemplateList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventTypes": [
                     *         {
                     *           "name": "auth.mfa.removed",
                     *           "description": "A second factor was removed.",
                     *           "groups": [
                     *             "auth.mfa.*",
                     *             "auth.*",
                     *             "*"
                     *           ],
                     *           "schema": {
                     *             "type": "object"
                     *           },
                     *           "sample": {
                     *             "type": "auth.mfa.removed",
                     *             "data": {}
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEvents: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only events of this type, such as `auth.signup`. */
                type?: string;
                /** @description Only events about this user (user id). */
                subject?: string;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "id": "evt_…",
                     *           "type": "auth.signup",
                     *           "version": 1,
                     *           "time": "2026-01-31T12:00:00.000Z",
                     *           "project": "shop",
                     *           "environment": "production",
                     *           "actor": "anonymous",
                     *           "subject": null,
                     *           "data": {}
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEventsEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "evt_…",
                     *       "type": "auth.signup",
                     *       "version": 1,
                     *       "time": "2026-01-31T12:00:00.000Z",
                     *       "project": "shop",
                     *       "environment": "production",
                     *       "actor": "anonymous",
                     *       "subject": null,
                     *       "data": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getEventsStream: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: string;
                /** @description Id of the event to start after; for clients that cannot send `Last-Event-ID`. */
                after?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook endpoints, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhooks": [
                     *         {
                     *           "id": "whk_…",
                     *           "url": "https://example.com/webhooks",
                     *           "description": "",
                     *           "events": [
                     *             "auth.signup"
                     *           ],
                     *           "filter": [],
                     *           "state": "enabled",
                     *           "disabledBy": null,
                     *           "order": "none",
                     *           "codes": "withheld",
                     *           "ownerEmail": null,
                     *           "failingSince": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "events": [
                 *         "auth.signup",
                 *         "auth.mfa.*"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PostWebhooksRequest"];
            };
        };
        responses: {
            /** @description The webhook endpoint, with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_…",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "",
                     *       "events": [
                     *         "auth.signup"
                     *       ],
                     *       "filter": [],
                     *       "state": "enabled",
                     *       "disabledBy": null,
                     *       "order": "none",
                     *       "codes": "withheld",
                     *       "ownerEmail": null,
                     *       "failingSince": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "secret": "whsec_…"
                     *     }
                     */
                    "application/json": components["schemas"]["NewWebhookEndpoint"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooksWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook endpoint, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_…",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "",
                     *       "events": [
                     *         "auth.signup"
                     *       ],
                     *       "filter": [
                     *         {
                     *           "path": "/data/user/email",
                     *           "endsWith": "@example.com"
                     *         }
                     *       ],
                     *       "state": "enabled",
                     *       "disabledBy": null,
                     *       "order": "none",
                     *       "codes": "withheld",
                     *       "ownerEmail": null,
                     *       "failingSince": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWebhooksWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the deleted endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "whk_…"
                     *     }
                     */
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchWebhooksWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "state": "disabled"
                 *     }
                 */
                "application/json": components["schemas"]["PatchWebhooksWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_…",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "",
                     *       "events": [
                     *         "auth.signup"
                     *       ],
                     *       "filter": [
                     *         {
                     *           "path": "/data/user/email",
                     *           "endsWith": "@example.com"
                     *         }
                     *       ],
                     *       "state": "enabled",
                     *       "disabledBy": null,
                     *       "order": "none",
                     *       "codes": "withheld",
                     *       "ownerEmail": null,
                     *       "failingSince": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooksWebhookRotateSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["PostWebhooksWebhookRotateSecretRequest"];
            };
        };
        responses: {
            /** @description The new secret, returned only here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_…",
                     *       "secret": "whsec_…",
                     *       "olderUntil": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooksWebhookTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "auth.signup"
                 *     }
                 */
                "application/json": components["schemas"]["PostWebhooksWebhookTestRequest"];
            };
        };
        responses: {
            /** @description The delivery. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_…",
                     *       "event": "evt_…",
                     *       "type": "auth.signup",
                     *       "state": "waiting",
                     *       "attempts": 0,
                     *       "nextAttemptAt": "2026-01-31T12:00:00.000Z",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooksWebhookReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "what": "failed",
                 *       "since": "2026-01-31T12:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["PostWebhooksWebhookReplayRequest"];
            };
        };
        responses: {
            /** @description The number of deliveries sent again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replayed": 12,
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooksWebhookReplayPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "what": "failed",
                 *       "since": "2026-01-31T12:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["PostWebhooksWebhookReplayPlanRequest"];
            };
        };
        responses: {
            /** @description How many, by type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 12,
                     *       "isCut": false,
                     *       "oldestAt": "2026-01-31T12:00:00.000Z",
                     *       "newestAt": "2026-01-31T13:00:00.000Z",
                     *       "byType": [
                     *         {
                     *           "type": "auth.signup",
                     *           "count": 12
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayPlan"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDeliveries: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only deliveries of this webhook endpoint. */
                webhook?: string;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "running" | "delivered" | "failed" | "canceled";
                /** @description Only deliveries of this event. */
                event?: string;
                /** @description Only deliveries of this type of event. */
                type?: string;
                /** @description Only deliveries created at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only deliveries created before this time (RFC 3339). */
                to?: string;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "dlv_…",
                     *           "event": "evt_…",
                     *           "type": "auth.signup",
                     *           "state": "delivered",
                     *           "attempts": 1,
                     *           "nextAttemptAt": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "finishedAt": "2026-01-31T12:00:01.000Z",
                     *           "webhook": "whk_…",
                     *           "url": "https://example.com/webhooks",
                     *           "lastStatus": 204,
                     *           "lastError": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooksWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Number of items per page; 50 if omitted. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "running" | "delivered" | "failed" | "canceled";
                /** @description Only deliveries of this event. */
                event?: string;
                /** @description Only deliveries of this type of event. */
                type?: string;
                /** @description Only deliveries created at this time (RFC 3339) or later. */
                from?: string;
                /** @description Only deliveries created before this time (RFC 3339). */
                to?: string;
                /** @description Cursor: the id of the last item on the previous page. */
                before?: string;
            };
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "dlv_…",
                     *           "event": "evt_…",
                     *           "type": "auth.signup",
                     *           "state": "delivered",
                     *           "attempts": 1,
                     *           "nextAttemptAt": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "finishedAt": "2026-01-31T12:00:01.000Z",
                     *           "webhook": "whk_…",
                     *           "url": "https://example.com/webhooks",
                     *           "lastStatus": 204,
                     *           "lastError": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooksWebhookDeliveriesDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_…",
                     *       "event": "evt_…",
                     *       "type": "auth.signup",
                     *       "state": "delivered",
                     *       "attempts": 1,
                     *       "nextAttemptAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": "2026-01-31T12:00:01.000Z",
                     *       "request": {
                     *         "method": "POST",
                     *         "url": "https://example.com/webhooks",
                     *         "headers": {
                     *           "content-type": "application/json",
                     *           "user-agent": "Aerocall-Webhooks/0.1.0",
                     *           "webhook-id": "evt_…"
                     *         },
                     *         "body": null
                     *       },
                     *       "log": [
                     *         {
                     *           "at": "2026-01-31T12:00:00.000Z",
                     *           "durationMs": 42,
                     *           "status": 204,
                     *           "error": null,
                     *           "responseHeaders": [
                     *             {
                     *               "name": "server",
                     *               "value": "nginx"
                     *             }
                     *           ],
                     *           "response": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooksWebhookDeliveriesDeliveryReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                environment: string;
                webhook: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, waiting to be sent again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_…",
                     *       "event": "evt_…",
                     *       "type": "auth.signup",
                     *       "state": "waiting",
                     *       "attempts": 0,
                     *       "nextAttemptAt": "2026-01-31T12:00:00.000Z",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getHealthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getReadyz: {
        parameters: {
            query?: {
                /** @description Services to ignore, separated by commas. */
                exclude?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `ready`, `not_ready` (`checks` says which service has which problem) or `stopping`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "checks": {
                     *         "database": {
                     *           "ok": true
                     *         },
                     *         "tenant_database": {
                     *           "ok": true
                     *         },
                     *         "cache": {
                     *           "ok": true
                     *         },
                     *         "broker": {
                     *           "ok": true
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `ready`, `not_ready` (`checks` says which service has which problem) or `stopping`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "checks": {
                     *         "database": {
                     *           "ok": true
                     *         },
                     *         "tenant_database": {
                     *           "ok": true
                     *         },
                     *         "cache": {
                     *           "ok": true
                     *         },
                     *         "broker": {
                     *           "ok": true
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWellKnownJwksJson: {
        parameters: {
            query?: {
                /** @description The publishable key of the project. */
                key?: string;
                /** @description Project id; together with `environment`. */
                project?: string;
                /** @description Environment; together with `project`. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Web Key Set (RFC 7517). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kty": "OKP",
                     *           "crv": "Ed25519",
                     *           "kid": "…",
                     *           "alg": "EdDSA",
                     *           "use": "sig",
                     *           "x": "…"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI 3.1 document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0"
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDocsEventsSchemaJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON Schema (2020-12) of all events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "title": "Events of Aerocall Hooks"
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: {
                /** @description Project id; together with `environment`. */
                project?: string;
                /** @description Environment; together with `project`. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDocsStyleCss: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A style sheet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/css": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDocsErrors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDocsErrorsCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}

//! What an attribute makes of its function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Error, FnArg, ItemFn, LitStr, Pat, ReturnType, Token, Type,
    parse::{Parse, ParseStream, Parser},
    spanned::Spanned,
};

use crate::event::{data_of, option_of};

/// What a function is a hook of.
#[derive(Debug)]
pub(crate) struct Target {
    /// `beforeSignup`, `auth.signup`.
    name: String,
    /// `#[before_signup]`, `#[on("auth.signup")]`.
    attribute: String,
    kind: Kind,
    options: Vec<(&'static str, String)>,
}

#[derive(Debug)]
enum Kind {
    /// The module of a hook point.
    Point(Ident),
    /// The type of the data of an event; `None`: the author's own.
    Event(Option<TokenStream>),
}

/// `"queue.sync", order = "customer"`.
struct Arguments {
    name: LitStr,
    options: Vec<(Ident, LitStr)>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let mut options = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let option = input.parse()?;
            input.parse::<Token![=]>()?;
            options.push((option, input.parse()?));
        }
        Ok(Self { name, options })
    }
}

impl Target {
    /// A hook point; its attribute has no arguments.
    pub(crate) fn point(module: &str, name: &str, arguments: TokenStream) -> syn::Result<Self> {
        if !arguments.is_empty() {
            let message = format!("`#[{module}]` has no arguments; what a hook may use stands in aerocall.toml");
            return Err(Error::new_spanned(arguments, message));
        }
        Ok(Self {
            name: name.to_owned(),
            attribute: format!("#[{module}]"),
            kind: Kind::Point(Ident::new(module, Span::call_site())),
            options: Vec::new(),
        })
    }

    /// An event, the messages of a queue, or a schedule.
    pub(crate) fn event(arguments: TokenStream) -> syn::Result<Self> {
        if arguments.is_empty() {
            let message = "which event? `#[on(\"auth.signup\")]`, `#[on(\"queue.mails\")]`, `#[on(\"cron.cleanup\")]`";
            return Err(Error::new(Span::call_site(), message));
        }
        let arguments = Arguments::parse.parse2(arguments)?;
        let name = arguments.name.value();
        let data = data_of(&name).map_err(|message| Error::new(arguments.name.span(), message))?;
        let mut options = Vec::new();
        for (option, value) in &arguments.options {
            options.push(option_of(&name, option, value)?);
        }
        Ok(Self {
            attribute: format!("#[on({name:?})]"),
            name,
            kind: Kind::Event(data),
            options,
        })
    }

    /// How a function of it looks.
    fn signature(&self) -> String {
        match &self.kind {
            Kind::Point(module) => {
                format!("fn check(context: &RequestContext, payload: {module}::Payload) -> {module}::Reply")
            }
            Kind::Event(Some(data)) => {
                let data = data.to_string().replace(' ', "");
                let data = data.trim_start_matches("::aerocall_hooks::");
                format!("fn handle(context: &Context, event: Event<{data}>) -> Result<()>")
            }
            Kind::Event(None) => "fn handle(context: &Context, job: Event<Message>) -> Result<()>".to_owned(),
        }
    }

    /// The line for `aerocall build`, without file and line.
    fn head(&self, function: &str) -> String {
        let kind = match self.kind {
            Kind::Point(_) => "point",
            Kind::Event(_) => "event",
        };
        let mut head = format!(r#"{{"kind":"{kind}","name":"{}","function":"{function}""#, self.name);
        for (option, value) in &self.options {
            head.push_str(&format!(r#","{option}":"{value}""#));
        }
        head + r#","file":""#
    }
}

/// The function, and what registers it; or the error.
pub(crate) fn expand(target: syn::Result<Target>, item: TokenStream) -> TokenStream {
    let expanded = target.and_then(|target| {
        let function = syn::parse2::<ItemFn>(item.clone()).map_err(|_| {
            let message = format!("`{}` is for a function: `{}`", target.attribute, target.signature());
            Error::new_spanned(&item, message)
        })?;
        let parameters = parameters(&target, &function)?;
        Ok(registered(&target, &function, parameters))
    });
    match expanded {
        Ok(registration) => quote!(#item #registration),
        // With the function, so that nothing else is missing.
        Err(error) => {
            let error = error.into_compile_error();
            quote!(#item #error)
        }
    }
}

/// The types of the two parameters, if the function is one that can be a hook.
fn parameters<'a>(target: &Target, function: &'a ItemFn) -> syn::Result<[&'a Type; 2]> {
    let signature = &function.sig;
    if let Some(word) = &signature.asyncness {
        let message = "a hook is a plain function: calls of the SDK wait by themselves, so `async` goes";
        return Err(Error::new_spanned(word, message));
    }
    if !signature.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &signature.generics,
            "a hook has no parameters of types",
        ));
    }
    let typed = |argument: &'a FnArg| match argument {
        FnArg::Typed(argument) if !matches!(*argument.pat, Pat::Rest(_)) => Some(&*argument.ty),
        _ => None,
    };
    let types: Option<Vec<&Type>> = signature.inputs.iter().map(typed).collect();
    types.and_then(|types| types.try_into().ok()).ok_or_else(|| {
        let message = format!(
            "a hook with `{}` takes two parameters: `{}`",
            target.attribute,
            target.signature()
        );
        match signature.inputs.is_empty() {
            true => Error::new_spanned(&signature.ident, message),
            false => Error::new_spanned(&signature.inputs, message),
        }
    })
}

/// The registration. Names are spanned so that a type that does not fit is underlined where the author wrote it.
fn registered(target: &Target, function: &ItemFn, types: [&Type; 2]) -> TokenStream {
    let (name, event_or_point) = (&function.sig.ident, target.name.as_str());
    let text = name.to_string();
    let [context, input] = types.map(Spanned::span);
    let (context, input) = (Ident::new("context", context), Ident::new("input", input));
    let returned = match &function.sig.output {
        ReturnType::Default => name.span(),
        ReturnType::Type(_, returned) => returned.span(),
    };
    let run = match &target.kind {
        Kind::Point(module) => {
            quote_spanned!(returned=> ::aerocall_hooks::__private::at_point::<::aerocall_hooks::#module::Point, _>)
        }
        Kind::Event(Some(data)) => quote_spanned!(returned=> ::aerocall_hooks::__private::on_event::<#data, _>),
        Kind::Event(None) => quote_spanned!(returned=> ::aerocall_hooks::__private::on_event),
    };
    let conditions = function
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let conditions: TokenStream = conditions.map(ToTokens::to_token_stream).collect();
    let head = target.head(&text);
    quote! {
        #conditions
        const _: () = {
            fn run(call: ::aerocall_hooks::__private::Call) -> ::aerocall_hooks::__private::Outcome {
                #run(call, |#context, #input| #name(#context, #input))
            }
            ::aerocall_hooks::__private::inventory::submit! {
                ::aerocall_hooks::__private::Hook::new(#event_or_point, #text, run)
            }
            #[cfg(target_arch = "wasm32")]
            const LINE: &str = ::core::concat!(#head, ::core::file!(), "\",\"line\":", ::core::line!(), "}\n");
            #[cfg(target_arch = "wasm32")]
            #[used]
            #[unsafe(link_section = "aerocall:hooks")]
            static SECTION: [u8; LINE.len()] = ::aerocall_hooks::__private::bytes(LINE);
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(item: TokenStream) -> String {
        expand(Target::point("before_signup", "beforeSignup", TokenStream::new()), item).to_string()
    }

    fn event(arguments: TokenStream, item: TokenStream) -> String {
        expand(Target::event(arguments), item).to_string()
    }

    #[test]
    fn a_function_is_registered_with_a_line_for_the_build() {
        let made = point(quote!(
            fn check(context: &RequestContext, payload: before_signup::Payload) {}
        ));
        assert!(!made.contains("compile_error"), "{made}");
        assert!(
            made.contains(r#"{\"kind\":\"point\",\"name\":\"beforeSignup\",\"function\":\"check\",\"file\":\""#),
            "{made}"
        );
        let made = event(
            quote!("cron.cleanup", schedule = "0 3 * * *", priority = "low"),
            quote!(
                fn clean(context: &Context, event: Event<ScheduleData>) {}
            ),
        );
        assert!(!made.contains("compile_error"), "{made}");
        assert!(
            made.contains(r#"\"function\":\"clean\",\"schedule\":\"0 3 * * *\",\"priority\":\"low\",\"file\""#),
            "{made}"
        );
    }

    #[test]
    fn what_is_no_hook_is_told_how_one_looks() {
        let right = "fn check(context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply";
        for (item, message) in [
            (
                quote!(
                    fn check() {}
                ),
                "takes two parameters",
            ),
            (
                quote!(
                    fn check(payload: before_signup::Payload) {}
                ),
                right,
            ),
            (
                quote!(
                    fn check(&self, payload: before_signup::Payload) {}
                ),
                right,
            ),
            (
                quote!(
                    struct Check;
                ),
                "`#[before_signup]` is for a function",
            ),
            (
                quote!(
                    async fn check(a: A, b: B) {}
                ),
                "so `async` goes",
            ),
            (
                quote!(
                    fn check<T>(a: A, b: T) {}
                ),
                "has no parameters of types",
            ),
        ] {
            let made = point(item);
            assert!(made.contains("compile_error") && made.contains(message), "{made}");
        }
    }

    #[test]
    fn a_name_that_means_nothing_is_refused() {
        let handler = quote!(
            fn handle(context: &Context, event: Event<Message>) {}
        );
        for (arguments, message) in [
            (quote!(), "which event?"),
            (quote!("auth.sigup"), "did you mean"),
            (quote!("user.created"), "the events are: auth.signup, auth.login,"),
            (quote!("webhook.test"), "there is no event"),
            (quote!("queue.Mails"), "names no queue"),
            (quote!("queue."), "names no queue"),
            (quote!("cron.a b"), "names no schedule"),
            (quote!("cron.a", schedule = "@daily"), "a cron pattern of five fields"),
            (
                quote!("cron.a", schedule = "0 3 * * \""),
                "a cron pattern of five fields",
            ),
            (quote!("queue.a", schedule = "0 3 * * *"), "only a schedule has one"),
            (quote!("queue.a", priority = "urgent"), "`priority` is"),
            (quote!("queue.a", order = "a\\b"), "`order` is"),
            (quote!("queue.a", retries = "3"), "there are `schedule`"),
        ] {
            let made = event(arguments, handler.clone());
            assert!(made.contains("compile_error") && made.contains(message), "{made}");
        }
        let made = expand(Target::point("before_signup", "beforeSignup", quote!("x")), handler);
        assert!(made.to_string().contains("has no arguments"), "{made}");
    }
}

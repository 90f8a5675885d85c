//! One spelling for every address that reaches the same mailbox: the example normalise-email in Zig, against the contract alone.
const std = @import("std");
const wit = @import("bindings/hook.zig");

/// That of C: what the hook answers is freed by the bindings. All else may stay: an instance lives for one invocation.
const memory = std.heap.c_allocator;

const Payload = struct { user: struct { id: []const u8 = "", email: []const u8 } };
const Patch = struct { user: struct { email: []const u8, metadata: struct { typedEmail: []const u8 } } };

/// Providers that deliver `a.d.a+news@` to `ada@`.
fn ignoresDots(domain: []const u8) bool {
    return std.mem.eql(u8, domain, "gmail.com") or std.mem.eql(u8, domain, "googlemail.com");
}

/// The one spelling of an address that reaches the same mailbox: no tag, no case, no dots where they mean nothing.
fn normalise(email: []const u8) ![]const u8 {
    const lower = try std.ascii.allocLowerString(memory, email);
    const at = std.mem.lastIndexOfScalar(u8, lower, '@') orelse return email;
    const domain = lower[at + 1 ..];
    const local = lower[0 .. std.mem.indexOfScalar(u8, lower[0..at], '+') orelse at];
    if (local.len == 0) return email;
    if (!ignoresDots(domain)) return std.mem.concat(memory, u8, &.{ local, "@", domain });
    const letters = try memory.alloc(u8, std.mem.replacementSize(u8, local, ".", ""));
    _ = std.mem.replace(u8, local, ".", "", letters);
    return std.mem.concat(memory, u8, &.{ letters, "@gmail.com" });
}

/// What the hook answers: nothing to say, or other members of the payload.
fn decide(context: *const wit.aerocall_hooks_types_context_t, document: []const u8) !?Patch {
    const payload = try std.json.parseFromSliceLeaky(Payload, memory, document, .{ .ignore_unknown_fields = true });
    const email = try normalise(payload.user.email);
    if (std.mem.eql(u8, email, payload.user.email)) return null;
    if (is(context, "beforeSignup")) return .{ .user = .{ .email = email, .metadata = .{ .typedEmail = payload.user.email } } };
    var line = text(try std.mem.join(memory, " ", &.{
        "an account from before addresses were normalised", payload.user.id, slice(context.request_id),
    }));
    wit.aerocall_hooks_log_write(wit.AEROCALL_HOOKS_LOG_LEVEL_INFO, &line);
    return null;
}

export fn exports_aerocall_hooks_hooks_handle(
    call: *wit.exports_aerocall_hooks_hooks_call_t,
    reply: *wit.exports_aerocall_hooks_hooks_reply_t,
    failure: *wit.exports_aerocall_hooks_hooks_failure_t,
) bool {
    const context = &call.context;
    if (!is(context, "beforeSignup") and !is(context, "beforeLogin")) {
        failure.tag = wit.AEROCALL_HOOKS_TYPES_FAILURE_UNKNOWN_HOOK;
        return false;
    }
    answer(reply, context, call.payload) catch |problem| {
        failure.tag = wit.AEROCALL_HOOKS_TYPES_FAILURE_THREW;
        failure.val.threw = .{
            .name = owned(@errorName(problem)),
            .message = owned("the payload cannot be read"),
            .stack = owned(""),
        };
        return false;
    };
    return true;
}

fn answer(
    reply: *wit.exports_aerocall_hooks_hooks_reply_t,
    context: *const wit.aerocall_hooks_types_context_t,
    payload: wit.aerocall_hooks_types_json_t,
) !void {
    if (try decide(context, slice(payload))) |members| {
        reply.tag = wit.AEROCALL_HOOKS_TYPES_REPLY_PATCH;
        reply.val.patch = text(try std.json.Stringify.valueAlloc(memory, members, .{}));
    } else {
        reply.tag = wit.AEROCALL_HOOKS_TYPES_REPLY_ALLOW;
    }
}

fn is(context: *const wit.aerocall_hooks_types_context_t, hook: []const u8) bool {
    return std.mem.eql(u8, slice(context.hook), hook);
}

fn slice(string: wit.hook_string_t) []const u8 {
    return string.ptr[0..string.len];
}

/// What the hook answers is freed after it was read: a copy of words that stand in the code.
fn owned(words: []const u8) wit.hook_string_t {
    return text(memory.dupe(u8, words) catch @trap());
}

/// Where an empty slice of Zig points to is no place in memory.
fn text(bytes: []const u8) wit.hook_string_t {
    return .{ .ptr = if (bytes.len == 0) null else @constCast(bytes.ptr), .len = bytes.len };
}

// One way for an exception to arise in each member of `ways`; `/*@name*/` stands where it must be reported.
import { afterTimer, fromGetter, imported } from "../lib/other";
import { commonJs } from "common-js";
import { viaPackage } from "es-module";

type Sdk = Parameters<import("@aerocall/hooks").BeforeSignup>[2];
type Way = (any: any, sdk: Sdk) => unknown;

class OwnError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`own: ${reason}`);
    this.reason = reason;
  }
}

class Account {
  #secret = 1;
  first = "1";
  static readSecret(account: Account) {
    return account./*@privateField*/#secret;
  }
}

const identity = <T>(value: T): T => value;

function deep(any: any): number {
  return 1 + /*@overflow*/deep(any);
}

async function rejectsLater(any: any) {
  await identity(any);
  throw /*@throwAfterAwait*/new Error("later");
}

export const ways: Record<string, Way> = {
  read: (any) => any.missing./*@read*/name,
  readInLines: (any) =>
    any
      .user
      .missing
      ./*@readInLines*/name,
  index: (any) => ({ patch: { user: { name: any./*@index*/list[0].name } } }),
  write: (any) => {
    identity("before");
    any.missing./*@write*/name = 1;
  },
  call: (any) => {
    identity("before");
    return any./*@call*/nothing(1, [any.user, any.user.email]);
  },
  callInLines: (any) =>
    any
      ./*@callInLines*/nothing(
        any.user,
        identity(2),
      ),
  callOfResult: (any) => identity(any)./*@callOfResult*/other(),
  newOfNothing: (any) => {
    identity("before");
    return /*@newOfNothing*/new any.nothing(1);
  },
  destructure: (any) => {
    identity("before");
    const { /*@destructure*/name } = any.missing;
    return name;
  },
  destructureDeep: (any) => {
    identity("before");
    const {
      user,
      missing: { /*@destructureDeep*/name },
    } = any;
    return [user, name];
  },
  destructureList: (any) => {
    identity("before");
    const [first] = /*@destructureList*/any.user;
    return first;
  },
  parameter: (any) => (({ /*@parameter*/name }: any) => name)(any.missing),
  spread: (any) => [...any./*@spread*/user],
  loop: (any) => {
    identity("before");
    for (const item of any./*@loop*/user) identity(item);
  },
  notDeclared: () => {
    identity("before");
    return (globalThis as any)./*@notDeclared*/nowhere();
  },
  beforeDeclaration: () => {
    const early = () => /*@beforeDeclaration*/late;
    identity(early());
    const late = identity(1);
    return late;
  },
  frozen: () => {
    const object: any = Object.freeze({});
    identity("before");
    object./*@frozen*/name = 1;
  },
  bigint: (any) => any./*@bigint*/big + identity(1),
  instanceOf: (any) => any./*@instanceOf*/user instanceof any.user,
  template: (any) => `${identity(1)} ${any./*@template*/symbol}`,
  privateField: () => Account.readSecret({} as Account),
  overflow: deep,
  json: () => {
    identity("before");
    return JSON./*@json*/parse("{");
  },
  regexp: (any) => /*@regexp*/new RegExp(any.user.email + "("),
  arrayLength: () => /*@arrayLength*/new Array(-1),
  callback: () => [2, 1].map((item: any) => item.missing./*@callback*/name),
  sort: () => [2, 1].sort(() => { throw /*@sort*/new RangeError("no order"); }),
  getter: fromGetter,
  generator: () => {
    function* items(any: any) {
      yield 1;
      yield any.missing./*@generator*/name;
    }
    return [...items({})];
  },
  throwError: () => {
    identity("before");
    throw /*@throwError*/new Error("x", { cause: identity(1) });
  },
  throwOwn: () => {
    throw /*@throwOwn*/new OwnError("mine");
  },
  throwString: () => {
    identity("before");
    throw /*@throwString*/"a string";
  },
  throwObject: () => {
    const thrown = { code: 1 };
    throw /*@throwObject*/thrown;
  },
  throwUndefined: () => {
    identity("before");
    throw /*@throwUndefined*/undefined;
  },
  throwFromFinally: () => {
    try {
      throw /*@throwFromFinally*/new Error("first");
    } finally {
      identity("after");
    }
  },
  throwAgain: () => {
    try {
      throw /*@throwAgain*/new Error("first");
    } catch (error) {
      identity("after");
      throw error;
    }
  },
  throwAfterAwait: rejectsLater,
  reject: () => Promise.reject(/*@reject*/new Error("rejected")),
  rejectString: () => Promise./*@rejectString*/reject("a string"),
  awaitRejectedString: async () => {
    const rejected = Promise./*@awaitRejectedString*/reject("a string");
    return await rejected;
  },
  all: async (any) => {
    await Promise.all([identity(1), (async () => any.missing./*@all*/name)()]);
  },
  any: async () => {
    await Promise./*@any*/any([Promise.reject(new Error("one")), Promise.reject(new Error("two"))]);
  },
  anyReturned: () => Promise.any([Promise.reject(/*@anyReturned*/new Error("one")), Promise.reject(new Error("two"))]),
  then: () => Promise.resolve({} as any).then((any) => any.missing./*@then*/name),
  timer: () => new Promise(() => setTimeout((any: any) => any.missing./*@timer*/name, 1, {})),
  afterTimer,
  timerReject: () =>
    new Promise((_resolve, reject) => setTimeout(() => reject(/*@timerReject*/new Error("late")), 1)),
  imported,
  commonJs,
  esModule: (any) => viaPackage(any),
  fetch: async () => {
    identity("before");
    await /*@fetch*/fetch("https://nowhere.invalid/x");
  },
  fetchKept: async () => {
    const kept = /*@fetchKept*/fetch("https://nowhere.invalid/x");
    await Promise.resolve();
    identity("between");
    await Promise.all([kept]);
  },
  fetchUrl: () => /*@fetchUrl*/fetch("not a URL"),
  httpGet: async (_any, { http }) => {
    identity("before");
    await http./*@httpGet*/get("https://nowhere.invalid/x");
  },
  httpPost: async (_any, { http }) => {
    await http
      ./*@httpPost*/post("https://nowhere.invalid/x", {
        a: identity(1),
      });
  },
  httpReturned: (_any, { http }) => http./*@httpReturned*/get("https://nowhere.invalid/x"),
  bodyTwice: async () => {
    const response = new Response("{");
    await response.text();
    await response./*@bodyTwice*/json();
  },
  cacheKey: async (any, { cache }) => {
    await cache./*@cacheKey*/get(any.missing);
  },
  cacheTtl: async (_any, { cache }) => {
    await cache./*@cacheTtl*/set("key", 1, {
      ttl: -1,
    });
  },
  query: async (_any, { db }) => {
    identity("before");
    await db./*@query*/query("select * from nowhere");
  },
  queryParameter: async (_any, { db }) => db./*@queryParameter*/query("select ?", [identity(NaN)]),
  transaction: async (_any, { db }) => {
    await db.transaction(async (tx) => {
      await tx./*@transaction*/execute("delete from nowhere");
    });
  },
  queueName: async (_any, { queue }) => queue./*@queueName*/enqueue("Not a name", {}),
  secret: async (_any, { secrets }) => {
    await secrets./*@secret*/get("nowhere");
  },
  user: async (any, { auth }) => auth./*@user*/updateUser(any.missing, {}),
};

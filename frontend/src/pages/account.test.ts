import { describe, expect, it } from "vitest";
import { nextPath, withNext } from "./account";

const next = (value: string) => nextPath(new URLSearchParams({ next: value }));

describe("where to go after signing in", () => {
  it("is a page of this site", () => {
    expect(next("/join/abc")).toBe("/join/abc");
    expect(next("/t/harbour?invite")).toBe("/t/harbour?invite");
  });

  it.each(["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", ""])(
    "is never %s",
    (value) => {
      expect(next(value)).toBe("/home");
    },
  );

  it.each(["/", "/signin", "/signup?next=/d/x", "/api/v1/me/"])("is no page that leads back: %s", (value) => {
    expect(next(value)).toBe("/home");
  });

  it("is kept from signing in to signing up", () => {
    expect(withNext("/signup", new URLSearchParams({ next: "/join/abc" }))).toBe("/signup?next=%2Fjoin%2Fabc");
    expect(withNext("/signup", new URLSearchParams())).toBe("/signup");
  });
});

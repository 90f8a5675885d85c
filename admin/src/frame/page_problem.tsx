// What is shown instead of a page: no such page, a mistake in the pages themselves, or a part of them that an update took away.
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { asApiError } from "../api/errors.ts";
import { Button } from "../parts/button.tsx";
import { ButtonLink } from "../parts/link.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Problem } from "../parts/states.tsx";

export function NotFound() {
  return (
    <Page title="No such page" width="form">
      <Empty
        sentence="There is no page at this address. It may have been renamed, or the link is not complete."
        action={<ButtonLink to="/">All projects</ButtonLink>}
      />
    </Page>
  );
}

export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  if (isMissingChunk(error)) {
    return (
      <Page title="This page could not be loaded" width="form">
        <Empty
          sentence="A part of this page is not on the server: it was probably updated while the page was open. Drafts are saved."
          action={
            <Button kind="primary" onPress={() => window.location.reload()}>
              Load the new version
            </Button>
          }
        />
      </Page>
    );
  }
  return (
    <Page title="This page could not be shown" width="form">
      <Problem error={asApiError(error)} onRetry={again} />
      <ButtonLink to="/">All projects</ButtonLink>
    </Page>
  );
}

export function isMissingChunk(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|module script failed|error loading dynamically/i.test(error.message)
  );
}

package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks what a credential shall be. The form posts {@code csrf} with what is filled in.
 *
 * @param changed name of the credential that is changed; null for a new one
 * @param problem what is wrong with what was filled in; null for nothing
 * @param name its name
 * @param kinds what it may send
 * @param choice what it may do with that
 * @param projects keys of projects as they were typed
 * @param until its last day, as in 2027-01-31; empty for never
 * @param action where the form goes, a raw path after the context path
 * @param back where to return without a change, a raw path after the context path
 * @param csrfToken token of the person's session
 */
public record CredentialFormPage(
    @Nullable String changed,
    @Nullable String problem,
    String name,
    List<Choice.Option> kinds,
    Choice choice,
    String projects,
    String until,
    String action,
    String back,
    String csrfToken)
    implements Page {

  public CredentialFormPage {
    kinds = List.copyOf(kinds);
  }

  @Override
  public String template() {
    return "credential-form";
  }

  @Override
  public String title() {
    return changed == null ? "New credential" : "Change " + Text.name(changed);
  }

  @Override
  public String toString() {
    return "CredentialFormPage[" + action + "]";
  }
}

package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the tokens by which a person's own scripts act as them, and makes new ones. The forms post
 * {@code csrf}, and {@code id} to end a token or {@code name}, {@code days} and {@code password} to
 * make one.
 *
 * @param tokens those that live, in the order shown
 * @param made value of a token just made, shown this once; null for none
 * @param notice what has just happened; null for nothing
 * @param problem why nothing was made; null where nothing went wrong
 * @param name the name that was typed; empty for none
 * @param choices lives to choose from, in days
 * @param action where the forms go, a raw path after the context path
 * @param csrfToken token of the person's session
 */
public record PersonalTokensPage(
    List<Entry> tokens,
    @Nullable String made,
    @Nullable String notice,
    @Nullable String problem,
    String name,
    List<Integer> choices,
    String action,
    String csrfToken)
    implements Page {

  public PersonalTokensPage {
    tokens = List.copyOf(tokens);
    choices = List.copyOf(choices);
  }

  @Override
  public String template() {
    return "personal-tokens";
  }

  @Override
  public String title() {
    return "My scripts";
  }

  @Override
  public String toString() {
    return "PersonalTokensPage[" + tokens.size() + "]";
  }

  /**
   * One token.
   *
   * @param id by which forms name it
   * @param name what its person called it
   * @param created when it was made
   * @param expires when it ends
   */
  public record Entry(String id, String name, Instant created, Instant expires) {}
}

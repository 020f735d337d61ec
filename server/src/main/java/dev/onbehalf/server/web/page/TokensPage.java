package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists what a person has allowed, each with a button that withdraws it. The forms post {@code
 * csrf} and {@code id}.
 *
 * @param tokens what is allowed, in the order shown
 * @param notice what has just happened; null for nothing
 * @param action where the forms go, a raw path after the context path
 * @param csrfToken token of the person's session
 */
public record TokensPage(
    List<Token> tokens, @Nullable String notice, String action, String csrfToken) implements Page {

  public TokensPage {
    tokens = List.copyOf(tokens);
  }

  @Override
  public String template() {
    return "tokens";
  }

  @Override
  public String title() {
    return "My tokens";
  }

  @Override
  public String toString() {
    return "TokensPage[" + tokens.size() + "]";
  }

  /**
   * One token.
   *
   * @param id our own id of it, not its value
   * @param consumerName who may act
   * @param abilities what it may do, a phrase each; empty where nothing narrows it
   * @param grantedAt when the person allowed it
   * @param lastUsedAt when it was last used; null for never
   * @param expiresAt when it ends; null for never
   */
  public record Token(
      String id,
      String consumerName,
      List<String> abilities,
      Instant grantedAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant expiresAt) {

    public Token {
      abilities = List.copyOf(abilities);
    }
  }
}

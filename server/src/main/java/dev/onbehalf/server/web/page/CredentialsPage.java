package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists who may send builds and deployments.
 *
 * @param credentials all of them, in the order of their names
 * @param notice what has just happened; null for nothing
 * @param newPath where one is made, a raw path after the context path
 */
public record CredentialsPage(List<Entry> credentials, @Nullable String notice, String newPath)
    implements Page {

  public CredentialsPage {
    credentials = List.copyOf(credentials);
  }

  @Override
  public String template() {
    return "credentials";
  }

  @Override
  public String title() {
    return "Credentials";
  }

  /**
   * One credential.
   *
   * @param path where it is shown, a raw path after the context path
   * @param name the administrator's name for it
   * @param state whether it counts, in a word
   * @param tone {@code good}, {@code bad} or {@code plain}
   * @param abilities what it may do, a phrase each
   * @param projects keys of the projects it may report on; empty for all
   * @param created when it was made
   * @param lastUsed when it last got a token or wrote; null for never
   * @param expires when it ends; null for never
   */
  public record Entry(
      String path,
      String name,
      String state,
      String tone,
      List<String> abilities,
      String projects,
      Instant created,
      @Nullable Instant lastUsed,
      @Nullable Instant expires) {

    public Entry {
      abilities = List.copyOf(abilities);
    }
  }
}

package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One credential, with what an administrator may do with it.
 *
 * @param entry what it is; the forms go below its path
 * @param clientId its client id
 * @param enabled whether it is switched on
 * @param secrets its live secrets, the oldest first
 * @param notice what has just happened; null for nothing
 * @param problem why something did not happen; null for nothing
 * @param listPath where all are listed, a raw path after the context path
 * @param csrfToken token of the person's session
 */
public record CredentialPage(
    CredentialsPage.Entry entry,
    String clientId,
    boolean enabled,
    List<LiveSecret> secrets,
    @Nullable String notice,
    @Nullable String problem,
    String listPath,
    String csrfToken)
    implements Page {

  public CredentialPage {
    secrets = List.copyOf(secrets);
  }

  @Override
  public String template() {
    return "credential";
  }

  @Override
  public String title() {
    return Text.name(entry.name());
  }

  @Override
  public String toString() {
    return "CredentialPage[" + clientId + "]";
  }

  /**
   * A secret that counts; not its value.
   *
   * @param id our own id of it
   * @param created when it was made
   * @param lastUsed when a token was last given for it; null for never
   */
  public record LiveSecret(String id, Instant created, @Nullable Instant lastUsed) {}
}

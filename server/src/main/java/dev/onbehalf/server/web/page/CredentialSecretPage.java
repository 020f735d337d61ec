package dev.onbehalf.server.web.page;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.web.Page;

/**
 * Shows a secret, this once.
 *
 * @param name name of its credential
 * @param clientId client id of its credential
 * @param secret the secret
 * @param first whether the credential is new, too
 * @param site URL that senders are pointed at
 * @param path where the credential is shown, a raw path after the context path
 */
public record CredentialSecretPage(
    String name, String clientId, Secret secret, boolean first, String site, String path)
    implements Page {

  @Override
  public String template() {
    return "credential-secret";
  }

  @Override
  public String title() {
    return first ? "Made " + Text.name(name) : "New secret for " + Text.name(name);
  }
}

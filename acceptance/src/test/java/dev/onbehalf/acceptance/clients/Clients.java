package dev.onbehalf.acceptance.clients;

import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;

/** The client libraries by name, for table-driven tests. */
public enum Clients {
  NET_OAUTH,
  SCRIBE_JAVA,
  JERSEY,
  GOOGLE,
  /** Needs {@code python3-requests-oauthlib}. */
  REQUESTS_OAUTHLIB,
  /** Needs Node and the packages of {@code npm/package-lock.json}. */
  NPM_OAUTH,
  /** Needs Node and the packages of {@code npm/package-lock.json}. */
  NPM_OAUTH_1_0A;

  /** A client of this library; the caller closes it. */
  public ClientLibrary create(Settings settings) {
    return switch (this) {
      case NET_OAUTH -> new NetOAuthClient(settings);
      case SCRIBE_JAVA -> new ScribeJavaClient(settings);
      case JERSEY -> new JerseyClient(settings);
      case GOOGLE -> new GoogleClient(settings);
      case REQUESTS_OAUTHLIB -> ScriptClient.python("requests_oauthlib_client", settings);
      case NPM_OAUTH -> ScriptClient.node("npm_oauth_client", settings);
      case NPM_OAUTH_1_0A -> ScriptClient.node("npm_oauth_1_0a_client", settings);
    };
  }
}

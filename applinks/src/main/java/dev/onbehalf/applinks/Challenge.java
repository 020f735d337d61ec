package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.OAuthParameters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says about a refusal in its {@code WWW-Authenticate: OAuth} headers, or in a form
 * body ({@code docs/peer-facts.md} 1.9).
 */
final class Challenge {
  private static final String SCHEME = "OAuth";
  private static final int MAX_CHARS = 32 * 1024;

  private final boolean oauth;
  private final Map<String, String> parameters;

  private Challenge(boolean oauth, Map<String, String> parameters) {
    this.oauth = oauth;
    this.parameters = parameters;
  }

  /** Reads the headers; a form body counts where they name no problem. */
  static Challenge of(List<String> headers, @Nullable String form) {
    Map<String, String> parameters = new HashMap<>();
    boolean oauth = false;
    for (String header : headers) {
      if (header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
          && header.length() < MAX_CHARS) {
        oauth = true;
        readHeader(header, SCHEME.length(), parameters);
      }
    }
    if (form != null && !parameters.containsKey(OAuthParameters.PROBLEM)) {
      for (LinkUrl.Parameter parameter : LinkUrl.decode(form)) {
        parameters.putIfAbsent(parameter.name(), parameter.value());
      }
    }
    return new Challenge(oauth, parameters);
  }

  private static void readHeader(String header, int from, Map<String, String> into) {
    int i = from;
    while (i < header.length()) {
      int equals = header.indexOf("=\"", i);
      int end = equals < 0 ? -1 : header.indexOf('"', equals + 2);
      if (end < 0) {
        return;
      }
      String name = header.substring(i, equals).replace(",", " ").strip();
      try {
        into.putIfAbsent(
            name,
            URLDecoder.decode(
                header.substring(equals + 2, end).replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        into.putIfAbsent(name, header.substring(equals + 2, end));
      }
      i = end + 1;
    }
  }

  /** The {@code oauth_problem}; null where there is none. */
  @Nullable String problem() {
    return parameters.get(OAuthParameters.PROBLEM);
  }

  @Nullable String get(String name) {
    return parameters.get(name);
  }

  /** Whether the peer repeats the request's own parameters: "this level is off". */
  boolean echoes() {
    return oauth && problem() == null && parameters.containsKey(OAuthParameters.CONSUMER_KEY);
  }

  /** Whether the person's token is of no use any more. */
  boolean tokenLost() {
    String problem = problem();
    return "token_expired".equals(problem)
        || "token_rejected".equals(problem)
        || "token_revoked".equals(problem);
  }
}

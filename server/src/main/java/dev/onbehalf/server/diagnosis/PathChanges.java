package dev.onbehalf.server.diagnosis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy in front did to the path and query of a request whose every special part is known. A
 * signature covers both (RFC 5849 section 3.4.1).
 */
final class PathChanges {
  /** Behind the mark: everything that proxies like to tidy up. */
  static final String TAIL = "/a%252Fb//c+d/%7Ee";

  static final String QUERY = "x=a+b%20c%2Fd&y=";

  private static final String KEEP =
      "Let the proxy pass the raw path on: in nginx proxy_pass without a path or slash behind it,"
          + " in Apache 'ProxyPass … nocanon' with 'AllowEncodedSlashes NoDecode'.";

  private final String subject;
  private final List<SetupFinding> findings = new ArrayList<>();

  private PathChanges(String subject) {
    this.subject = subject;
  }

  /**
   * Compares what was sent with what arrived.
   *
   * @param prefix raw path up to and with the mark
   * @return a finding for each difference; empty for none
   */
  static List<SetupFinding> find(
      String subject, String prefix, String path, @Nullable String query) {
    PathChanges changes = new PathChanges(subject);
    if (!path.equals(prefix + TAIL)) {
      changes.path(prefix, path);
    }
    if (query == null || query.isEmpty()) {
      changes.fault(
          "A proxy in front strips the query.",
          "Let the proxy pass the query on: in nginx no '?' or rewrite in proxy_pass.",
          "RFC 5849, section 3.4.1.3.1");
    } else if (!query.equals(QUERY)) {
      changes.fault(
          "A proxy in front changes the query: '" + QUERY + "' arrives as '" + query + "'.",
          "Let the proxy pass the query on as it came.",
          "RFC 5849, section 3.4.1.3.1");
    }
    return changes.findings;
  }

  private void path(String prefix, String path) {
    int mark = path.indexOf(prefix.substring(prefix.lastIndexOf('/')));
    String before = mark < 0 ? "" : path.substring(0, mark);
    String expected = prefix.substring(0, prefix.lastIndexOf('/'));
    if (!before.equals(expected)) {
      change(
          "A proxy in front changes the beginning of the path: '"
              + expected
              + "' arrives as '"
              + before
              + "'.",
          "Let the proxy pass the whole path on, context path included, or set public-url to what"
              + " arrives.");
    }
    String tail = mark < 0 ? path : path.substring(mark + prefix.length() - expected.length());
    int known = findings.size();
    String bare = tail;
    if (tail.endsWith("/")) {
      change("A proxy in front adds a slash to the end of the path.", "Take its rewrite away.");
      bare = tail.substring(0, tail.length() - 1);
    }
    if (!bare.contains("%252F")) {
      String became = bare.contains("%2F") ? "%2F" : "/";
      change("A proxy in front decodes the path: '%252F' arrives as '" + became + "'.", KEEP);
    } else if (!bare.contains("%7E")) {
      change("A proxy in front decodes the path and encodes it anew: '%7E' arrives as '~'.", KEEP);
    }
    if (!bare.contains("b//c")) {
      change(
          "A proxy in front merges slashes: '//' arrives as '/'.",
          "Switch that off (in nginx 'merge_slashes off'), and let it pass the raw path on.");
    }
    if (!bare.contains("c+d")) {
      change(
          "A proxy in front changes '+' in the path to '"
              + (bare.contains("c%2Bd") ? "%2B" : bare.contains("c%20d") ? "%20" : " ")
              + "'.",
          KEEP);
    }
    if (findings.size() == known && !tail.equals(TAIL)) {
      change("A proxy in front changes the path: '" + TAIL + "' arrives as '" + tail + "'.", KEEP);
    }
  }

  private void change(String seen, String remedy) {
    fault(seen, remedy, "RFC 5849, section 3.4.1.2");
  }

  private void fault(String seen, String remedy, String reference) {
    findings.add(SetupFinding.fault(subject, seen, remedy).see(reference));
  }
}

package dev.onbehalf.server.config;

import static dev.onbehalf.server.config.Option.choice;
import static dev.onbehalf.server.config.Option.count;
import static dev.onbehalf.server.config.Option.duration;
import static dev.onbehalf.server.config.Option.size;

import dev.onbehalf.server.config.Option.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All options there are. */
final class Options {
  static final String FILE = "-file";
  static final String APPLICATIONS = "applications";

  static final List<Option> GLOBAL =
      List.of(
          Option.of(
              "data",
              Kind.PATH,
              "data",
              "Directory for the embedded database, the keysets and the users file; created with"
                  + " access for its owner alone."),
          Option.of(
              "listen", Kind.LISTENER, "127.0.0.1:8480", "Where the public listener is bound."),
          Option.of(
              "tls.certificate",
              Kind.PATH,
              null,
              "PEM certificate chain of the public listener, its own certificate first; without it"
                  + " the listener speaks plain HTTP, for use behind a proxy that ends TLS."),
          Option.of("tls.key", Kind.PATH, null, "PEM private key that belongs to the certificate."),
          Option.of(
              "admin",
              Kind.LISTENER,
              "127.0.0.1:8481",
              "Where the administrator listener is bound; it speaks plain HTTP, so keep it on"
                  + " loopback."),
          Option.of(
              "database.url",
              Kind.DATABASE_URL,
              null,
              "JDBC URL of a PostgreSQL database, such as"
                  + " jdbc:postgresql://db.example.com/onbehalf; without it the database is"
                  + " embedded in the data directory."),
          Option.of("database.user", Kind.TEXT, null, "User of the PostgreSQL database."),
          Option.of("database.password", Kind.SECRET, null, "Password of that user."),
          count("database.maximum-connections", "10", 2, 200, "Size of the connection pool."),
          Option.of(
              "trusted-proxies",
              Kind.ADDRESS_BLOCKS,
              null,
              "Proxies in front whose forwarded headers count; without any, no such header"
                  + " counts."),
          Option.of(
              "people.users-file",
              Kind.PATH,
              null,
              "YAML file of users, groups and password hashes; users.yaml in the data directory by"
                  + " default."),
          duration(
              "sessions.idle", "30m", "1m", "365d", "How long a session lives without a request."),
          duration("sessions.absolute", "12h", "1m", "365d", "How long a session lives at most."),
          duration(
              "provider.timestamp-window",
              "5m",
              "10s",
              "1h",
              "How far the timestamp of a signed request may be off, either way."),
          duration(
              "provider.request-token-life", "10m", "1m", "1d", "Life of an OAuth request token."),
          duration(
              "provider.access-token-life",
              "1825d",
              "1m",
              "3650d",
              "Life of an OAuth access token."),
          duration(
              "provider.session-life",
              null,
              "1m",
              "7300d",
              "How long after its last renewal a token may be renewed by its session handle; 30d"
                  + " longer than the access token by default."),
          duration(
              "provider.idle-limit",
              "365d",
              "1m",
              "3650d",
              "How long an access token may stay unused before it ends."),
          Option.of(
              "provider.protected-users",
              Kind.NAMES,
              null,
              "People, such as administrators, whom a consumer may impersonate only if its record"
                  + " says so."),
          Option.of(
              "provider.protected-groups",
              Kind.NAMES,
              null,
              "Groups whose members are protected in the same way."),
          choice(
              "provider.rsa",
              "java",
              "Who computes RSA: this Java, or native code where it loads (Linux on x86-64), which"
                  + " verifies in half the time and takes 25 MB and a quarter of a second at the"
                  + " start.",
              "java",
              "native"),
          size(
              "limits.header",
              "16kB",
              "4kB",
              "256kB",
              "Request line and headers of a request, together."),
          size(
              "limits.own-body",
              "64kB",
              "4kB",
              "1MB",
              "Body of a request to our own pages and endpoints."),
          size(
              "limits.signed-form",
              "1MB",
              "4kB",
              "16MB",
              "Form body that is read whole because it is part of a signature."),
          count(
              "limits.requests-per-address",
              "0",
              0,
              1_000_000,
              "Requests a second of one client address, twice as many in a burst; 0 for no limit,"
                  + " since behind a proxy that is not trusted everybody has one address."),
          count(
              "limits.checks-per-address",
              "1000",
              0,
              1_000_000,
              "Requests a second of one client address to our own pages and endpoints, refused"
                  + " signatures and session cookies that are looked up in vain included, twice as"
                  + " many in a burst; 0 for no limit."),
          count(
              "limits.requests-per-consumer",
              "1000",
              0,
              1_000_000,
              "Signed requests a second of one consumer, twice as many in a burst; 0 for no"
                  + " limit."),
          Option.of(
              "delivery.file",
              Kind.PATH,
              null,
              "YAML file of the Jira sites that builds and deployments are passed on to, of the"
                  + " agents that may send them and of the rules for events of CI servers; without"
                  + " it nothing is passed on."),
          Option.of(
              "receive.public-url",
              Kind.PUBLIC_URL,
              null,
              "The URL at which builds and deployments are received as Jira Cloud receives them, and"
                  + " shown to people: a host, or a path of one, of its own; without it nothing is"
                  + " received."),
          Option.of(
              "receive.projects",
              Kind.NAMES,
              null,
              "Keys of the projects whose issues exist, such as ABC; without any, every well-formed"
                  + " issue key counts."),
          size(
              "receive.body",
              "2MB",
              "64kB",
              "16MB",
              "Body of a request with a valid token that brings builds or deployments."),
          count(
              "receive.requests-per-credential",
              "100",
              1,
              1_000_000,
              "Requests a second of one delivery credential, twice as many in a burst."),
          Option.of(
              "receive.administrators",
              Kind.NAMES,
              null,
              "People who may make, change and end delivery credentials in the pages of"
                  + " receive.public-url; without any, and without a group, nobody may."),
          Option.of(
              "receive.administrator-groups",
              Kind.NAMES,
              null,
              "Groups whose members may do the same."),
          Option.of(
              "receive.frame-origins",
              Kind.PUBLIC_URLS,
              null,
              "Origins whose pages may show panels of builds and deployments in frames, such as"
                  + " https://jira.example.com; without any, nobody's may."),
          Option.of(
              "receive.link",
              Kind.TEXT,
              null,
              "Name or id of the application link to the Jira whose issues these are: which issues"
                  + " exist is asked there, two-legged; without it receive.projects decides"
                  + " alone."),
          choice(
              "receive.remote-links",
              "off",
              "Whether issues of that Jira get a link to each pipeline and environment that reports"
                  + " on them, kept at the latest state.",
              "off",
              "on"),
          choice(
              "receive.failure-comments",
              "off",
              "Whether such an issue also gets a comment when a pipeline or environment begins to"
                  + " fail; one until it has succeeded again.",
              "off",
              "on"),
          count(
              "receive.link-requests",
              "5",
              1,
              1_000,
              "Requests a second that tell that Jira something, from each node, twice as many in a"
                  + " burst."),
          Option.of(
              "links.private-networks",
              Kind.ADDRESS_BLOCKS,
              null,
              "Private, loopback and link-local addresses that a link marked for it may lead to;"
                  + " without any, links lead to public addresses alone."),
          Option.of(
              "outgoing.builds-file",
              Kind.PATH,
              null,
              "YAML file of the CI servers whose running builds may act through links as the"
                  + " people who started them, and of what they may do; without it builds may"
                  + " not."),
          Option.of(
              "outgoing.consumers",
              Kind.NAMES,
              null,
              "Keys of the consumers that may act through links as the people they may"
                  + " impersonate; without any, none may."),
          Option.of(
              "outgoing.ca-file",
              Kind.PATH,
              null,
              "PEM file of certificate authorities that linked applications, CI servers and the sites of the delivery file may have"
                  + " their certificates from, beside those this Java trusts."),
          Option.of(
              "outgoing.proxy",
              Kind.LISTENER,
              null,
              "HTTP proxy through which linked applications, CI servers and the sites of the delivery file are reached; those in"
                  + " links.private-networks are reached without it."),
          duration(
              "audit.retention",
              null,
              "1d",
              "36500d",
              "How long audit records are kept; for ever by default."),
          choice(
              "monitor.metrics",
              "on",
              "Whether the administrator listener answers /metrics for Prometheus.",
              "on",
              "off"),
          choice(
              "monitor.checks",
              "on",
              "Whether the receiving site, the sites of the delivery file and the links are tried"
                  + " on a schedule; with several nodes, each time by one of them.",
              "on",
              "off"),
          duration("monitor.interval", "10m", "10s", "7d", "How often they are tried."),
          Option.of(
              "monitor.person",
              Kind.TEXT,
              null,
              "User name of a test account as whom links are tried too; without it nobody's"
                  + " permission is used."),
          Option.of(
              "monitor.webhook",
              Kind.SECRET,
              null,
              "An http or https URL that is told, as JSON, when something that was tried fails or"
                  + " works again; it may hold a secret and is never shown."));

  static final List<Option> APPLICATION =
      List.of(
          Option.of(
              "public-url",
              Kind.PUBLIC_URL,
              null,
              "The URL under which people and peers know the application: the one that is signed."
                  + " Required."),
          Option.of(
              "alternate-urls",
              Kind.PUBLIC_URLS,
              null,
              "Further URLs a request may be signed for, such as an internal name."),
          Option.of(
              "upstream",
              Kind.UPSTREAM_URL,
              null,
              "Where the application really runs: an http or https URL, with a base path if it has"
                  + " one. Required."),
          choice(
              "adapter",
              "header",
              "How the upstream learns who the person is: by header; by header and with crumbs for"
                  + " signed requests (jenkins); by header once, then a cookie (session); not at"
                  + " all (none).",
              "header",
              "jenkins",
              "session",
              "none"),
          choice(
              "sign-in",
              "off",
              "Whether browsers sign in at the gateway: unsigned requests pass as they came (off);"
                  + " who signed in arrives as themself (optional); everybody must (required).",
              "off",
              "optional",
              "required"),
          Option.of(
              "user-header",
              Kind.HEADER_NAME,
              "X-Forwarded-User",
              "Header that carries the user name."),
          Option.of(
              "groups-header",
              Kind.HEADER_NAME,
              "X-Forwarded-Groups",
              "Header that carries the groups; 'none' sends none."),
          Option.of("groups-delimiter", Kind.TEXT, "|", "What separates groups in that header."),
          Option.of(
              "mail-header",
              Kind.HEADER_NAME,
              "none",
              "Header that carries the mail address, such as X-Forwarded-Email; 'none' sends none."),
          Option.of(
              "display-name-header",
              Kind.HEADER_NAME,
              "none",
              "Header that carries the display name; 'none' sends none."),
          Option.of(
              "secret-header",
              Kind.HEADER_NAME,
              "X-Onbehalf-Secret",
              "Header that carries the secret; 'none' sends none."),
          Option.of(
              "secret",
              Kind.SECRET,
              null,
              "What only the gateway and the upstream know, so that the upstream can tell the"
                  + " gateway from anybody else; 16 visible ASCII characters at least."),
          duration("connect-timeout", "5s", "100ms", "5m", "Time to connect to the upstream."),
          duration(
              "response-timeout",
              "60s",
              "100ms",
              "1d",
              "Time without a byte from the upstream before the answer is 504."));

  private Options() {}

  /** Finds the option of a full key such as {@code applications.ci.upstream}. */
  static Optional<Option> find(String key) {
    List<String> parts = applicationParts(key);
    if (parts.isEmpty()) {
      return GLOBAL.stream().filter(option -> option.key().equals(key)).findFirst();
    }
    return application(parts.get(1));
  }

  static Optional<Option> application(String key) {
    return APPLICATION.stream().filter(option -> option.key().equals(key)).findFirst();
  }

  /** Returns the application's name and the key behind it; empty for any other key. */
  static List<String> applicationParts(String key) {
    if (!key.startsWith(APPLICATIONS + ".")) {
      return List.of();
    }
    String rest = key.substring(APPLICATIONS.length() + 1);
    int dot = rest.indexOf('.');
    return dot < 1 ? List.of() : List.of(rest.substring(0, dot), rest.substring(dot + 1));
  }

  /** Returns the known key that looks most like {@code key}; null if none looks alike. */
  static @Nullable String nearest(String key) {
    List<String> parts = applicationParts(key);
    String prefix = parts.isEmpty() ? "" : APPLICATIONS + "." + parts.get(0) + ".";
    String rest = parts.isEmpty() ? key : parts.get(1);
    String best = null;
    int bestDistance = Math.max(2, rest.length() / 2) + 1;
    for (String candidate : keys(parts.isEmpty() ? GLOBAL : APPLICATION)) {
      int distance = distance(rest, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = prefix + candidate;
      }
    }
    return best;
  }

  static List<String> keys(List<Option> options) {
    List<String> keys = new ArrayList<>();
    for (Option option : options) {
      keys.add(option.key());
      if (option.secret()) {
        keys.add(option.key() + FILE);
      }
    }
    return keys;
  }

  static String environmentName(String key) {
    return "ONBEHALF_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Levenshtein's distance; keys longer than any of ours count as far away. */
  private static int distance(String a, String b) {
    if (a.length() > 80) {
      return Integer.MAX_VALUE;
    }
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}

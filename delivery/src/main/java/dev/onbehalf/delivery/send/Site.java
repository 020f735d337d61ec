package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somewhere reports go, and the credential for it; {@code docs/peer-facts.md} 2.1, 2.2 and 2.8.
 * Immutable; prints no secret.
 */
public final class Site {
  /** Where an Onbehalf server takes reports, below the public URL of an application. */
  public static final String ONBEHALF_PATH = "/-/onbehalf/delivery";

  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9][a-z0-9-]{0,62})+");
  private static final URI ATLASSIAN_API = URI.create("https://api.atlassian.com");

  private final Kind kind;
  private final String name;
  private final URI siteUrl;
  private final URI apiUrl;
  private final String clientId;
  private final Secret secret;

  private Site(Kind kind, String name, URI siteUrl, URI apiUrl, String clientId, Secret secret) {
    this.kind = kind;
    this.name = name;
    this.siteUrl = siteUrl;
    this.apiUrl = apiUrl;
    this.clientId = clientId;
    this.secret = secret;
  }

  /** What stands at the other end. */
  public enum Kind {
    /** Jira Cloud, by an OAuth credential (2LO). */
    CLOUD,
    /** A server with Jira Cloud's wire format at an address of its own. */
    ONBEHALF,
    /** The webhook of the "Jenkins for Jira" app. */
    RELAY
  }

  /**
   * A Jira Cloud site by its host name, {@code example.atlassian.net} for instance. Throws {@link
   * IllegalArgumentException} when that is no host name or the client id is blank.
   */
  public static Site cloud(String host, String clientId, Secret clientSecret) {
    String name = host.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not the host name of a Jira site; one looks like example.atlassian.net."
              .formatted(host));
    }
    return new Site(
        Kind.CLOUD,
        name,
        URI.create("https://" + name),
        ATLASSIAN_API,
        clientIdOf(clientId),
        clientSecret);
  }

  /**
   * An Onbehalf server by the public URL of one of its applications, or one of the sites it passes
   * reports on to, by a URL below {@value #ONBEHALF_PATH}: https, or http to the same machine.
   * Throws {@link IllegalArgumentException} for any other URL.
   */
  public static Site onbehalf(URI baseUrl, String clientId, Secret clientSecret) {
    URI given = endpoint(baseUrl, "The address of the Onbehalf server");
    String path = given.getRawPath() == null ? "" : given.getRawPath();
    URI base =
        path.contains(ONBEHALF_PATH + "/") || path.endsWith(ONBEHALF_PATH)
            ? given
            : below(given, ONBEHALF_PATH);
    return new Site(Kind.ONBEHALF, nameOf(given), base, base, clientIdOf(clientId), clientSecret);
  }

  /**
   * The relay of a "Jenkins for Jira" connection, by its webhook URL and shared secret. Throws
   * {@link IllegalArgumentException} for a URL that is not https, or http to the same machine.
   */
  public static Site relay(String name, URI webhookUrl, Secret sharedSecret) {
    URI webhook = endpoint(webhookUrl, "The webhook URL");
    return new Site(Kind.RELAY, name.toLowerCase(Locale.ROOT), webhook, webhook, "", sharedSecret);
  }

  /**
   * Returns this Jira Cloud site reached by other addresses, a government cloud's API host for
   * instance; null leaves one as it is.
   */
  public Site reachedBy(@Nullable URI otherSiteUrl, @Nullable URI otherApiUrl) {
    return new Site(
        kind,
        name,
        otherSiteUrl == null ? siteUrl : endpoint(otherSiteUrl, "The site URL"),
        otherApiUrl == null ? apiUrl : endpoint(otherApiUrl, "The API URL"),
        clientId,
        secret);
  }

  public Kind kind() {
    return kind;
  }

  /** Returns the name people know it by: a host name, in lower case. */
  public String name() {
    return name;
  }

  String clientId() {
    return clientId;
  }

  Secret secret() {
    return secret;
  }

  URI tenantInfo() {
    return below(siteUrl, "/_edge/tenant_info");
  }

  URI tokenEndpoint() {
    return below(apiUrl, "/oauth/token");
  }

  URI api(String path) {
    return below(apiUrl, path);
  }

  URI webhook() {
    return siteUrl;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " site " + name;
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  private static String nameOf(URI base) {
    String path = base.getRawPath();
    String tail = path == null || path.equals("/") ? "" : path;
    return base.getRawAuthority().toLowerCase(Locale.ROOT) + tail;
  }

  private static String clientIdOf(String clientId) {
    if (clientId.isBlank()) {
      throw new IllegalArgumentException("The client id is missing.");
    }
    return clientId.strip();
  }

  private static URI endpoint(URI uri, String what) {
    String scheme = uri.getScheme();
    String host = uri.getHost();
    boolean secure = "https".equalsIgnoreCase(scheme);
    boolean local = "http".equalsIgnoreCase(scheme) && host != null && isLoopback(host);
    if (host == null || !(secure || local) || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          what
              + " must be an https URL without credentials in it (http only to this machine), not "
              + "one of scheme '"
              + scheme
              + "' and host '"
              + host
              + "'.");
    }
    return uri;
  }

  private static boolean isLoopback(String host) {
    return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
  }
}

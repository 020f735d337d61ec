package dev.onbehalf.oauth1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The protocol parameters of a signed request, to be sent in one of three places (RFC 5849 3.5):
 * {@link #authorizationHeader()}, {@link #url()} or {@link #form()}. Immutable.
 */
public final class SignedParameters {
  private final Map<String, String> parameters;
  private final String url;
  private final byte @Nullable [] form;

  SignedParameters(Map<String, String> parameters, String url, byte @Nullable [] form) {
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    this.url = url;
    this.form = form;
  }

  /** Returns the parameters by name, decoded, the signature last. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Returns the value of an {@code Authorization} header without a realm (RFC 5849 3.5.1). */
  public String authorizationHeader() {
    StringBuilder header = new StringBuilder(512).append("OAuth ");
    appendHeaderParameters(header);
    return header.toString();
  }

  /**
   * Returns the value of an {@code Authorization} header.
   *
   * @param realm sent percent-encoded, first
   */
  public String authorizationHeader(String realm) {
    StringBuilder header = new StringBuilder(512).append("OAuth realm=\"");
    header.append(PercentEncoding.encode(realm)).append("\", ");
    appendHeaderParameters(header);
    return header.toString();
  }

  private void appendHeaderParameters(StringBuilder header) {
    boolean first = true;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      header
          .append(first ? "" : ", ")
          .append(PercentEncoding.encode(parameter.getKey()))
          .append("=\"")
          .append(PercentEncoding.encode(parameter.getValue()))
          .append('"');
      first = false;
    }
  }

  /** Returns the signed URL with the parameters added to its query (RFC 5849 3.5.3). */
  public String url() {
    int end = fragmentStart(url);
    String target = url.substring(0, end);
    String separator =
        !target.contains("?") ? "?" : target.endsWith("?") || target.endsWith("&") ? "" : "&";
    return target + separator + encoded() + url.substring(end);
  }

  /**
   * Returns the signed form with the parameters added (RFC 5849 3.5.2); they alone where the
   * request was signed without one.
   */
  public byte[] form() {
    byte[] added = encoded().getBytes(StandardCharsets.US_ASCII);
    if (form == null || form.length == 0) {
      return added;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(form.length + 1 + added.length);
    out.writeBytes(form);
    out.write('&');
    out.writeBytes(added);
    return out.toByteArray();
  }

  /** Prints the names alone. */
  @Override
  public String toString() {
    return "SignedParameters" + parameters.keySet();
  }

  private String encoded() {
    StringBuilder all = new StringBuilder(512);
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      all.append(all.isEmpty() ? "" : "&")
          .append(PercentEncoding.encode(parameter.getKey()))
          .append('=')
          .append(PercentEncoding.encode(parameter.getValue()));
    }
    return all.toString();
  }

  /** The raw query of a URL, empty where there is none. */
  static String queryOf(String url) {
    String target = url.substring(0, fragmentStart(url));
    int mark = target.indexOf('?');
    return mark < 0 ? "" : target.substring(mark + 1);
  }

  private static int fragmentStart(String url) {
    int hash = url.indexOf('#');
    return hash < 0 ? url.length() : hash;
  }
}

package dev.onbehalf.oauth1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one request, collected from its {@code Authorization: OAuth} header, query and
 * form body (RFC 5849 3.4.1.3.1). Immutable. Nothing in it is verified before {@link
 * SignatureVerifier} says so.
 */
public final class OAuthMessage {
  private static final String PROTOCOL_PREFIX = "oauth_";
  private static final int MAX_SHORT_VALUE_BYTES = 255;
  private static final int MAX_VALUE_BYTES = 2048;
  private static final int MAX_PROTOCOL_PARAMETERS = 64;

  /** Where a parameter stood. */
  public enum Source {
    HEADER,
    QUERY,
    FORM
  }

  /** One decoded parameter, as it came. */
  public record Parameter(String name, String value, Source source) {
    public Parameter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(source, "source");
    }

    /** Shows the name alone: values may be secret. */
    @Override
    public String toString() {
      return source + " " + name;
    }
  }

  private final EncodedParameters parameters;
  private final int headerEnd;
  private final int queryEnd;
  private final int[] protocol;
  private final int signatureIndex;

  private OAuthMessage(EncodedParameters parameters, int headerEnd, int queryEnd) {
    this.parameters = parameters;
    this.headerEnd = headerEnd;
    this.queryEnd = queryEnd;
    this.protocol = protocolParameters(parameters);
    this.signatureIndex = single(OAuthParameters.SIGNATURE);
  }

  /**
   * Says cheaply, before the body is read, whether a request may be signed: it has an OAuth header,
   * an {@code oauth_signature} in its query, or a form body that may hold one. Never throws.
   *
   * @param rawQuery null where there is none
   * @param formBody whether the body is {@code application/x-www-form-urlencoded}
   */
  public static boolean mayBeSigned(
      List<String> authorizationHeaders, @Nullable String rawQuery, boolean formBody) {
    if (formBody) {
      return true;
    }
    for (String header : authorizationHeaders) {
      if (ParameterParser.isOAuth(header)) {
        return true;
      }
    }
    return rawQuery != null && SignatureScan.finds(rawQuery);
  }

  /**
   * Says cheaply whether a request whose form body has been read carries a signature; one that does
   * not need not be parsed. Never throws.
   *
   * @param rawQuery null where there is none
   * @param form the body; null where it is no form
   */
  public static boolean mayBeSigned(
      List<String> authorizationHeaders, @Nullable String rawQuery, byte @Nullable [] form) {
    return mayBeSigned(authorizationHeaders, rawQuery, false)
        || (form != null && SignatureScan.finds(form));
  }

  /**
   * Reads a request within {@link OAuthLimits#DEFAULT}.
   *
   * @see #parse(List, String, byte[], OAuthLimits)
   */
  public static OAuthMessage parse(
      List<String> authorizationHeaders, @Nullable String rawQuery, byte @Nullable [] form) {
    return parse(authorizationHeaders, rawQuery, form, OAuthLimits.DEFAULT);
  }

  /**
   * Reads a request in one pass.
   *
   * @param authorizationHeaders the values of its {@code Authorization} headers; those of other
   *     schemes are passed over
   * @param rawQuery its query, still encoded, without the question mark; null where there is none
   * @param form its body if that is {@code application/x-www-form-urlencoded}; else null
   * @throws OAuthProblemException {@code parameter_rejected} where it is malformed, beyond {@code
   *     limits}, not UTF-8, or has an {@code oauth_} parameter twice (RFC 5849 3.1)
   */
  public static OAuthMessage parse(
      List<String> authorizationHeaders,
      @Nullable String rawQuery,
      byte @Nullable [] form,
      OAuthLimits limits) {
    String header = onlyOAuthHeader(authorizationHeaders);
    int headerChars = header == null ? 0 : header.length();
    int queryChars = rawQuery == null ? 0 : rawQuery.length();
    int formBytes = form == null ? 0 : form.length;
    if (headerChars > limits.headerChars()) {
      throw ParameterParser.malformed("The Authorization header is longer than this server reads.");
    }
    if (queryChars > limits.queryChars()) {
      throw ParameterParser.malformed("The query is longer than this server reads.");
    }
    if (formBytes > limits.formBytes()) {
      throw ParameterParser.malformed("The form body is longer than this server reads.");
    }
    Scratch scratch = Scratch.acquire();
    try {
      ParameterWriter writer = new ParameterWriter(scratch);
      ParameterParser parser = new ParameterParser(writer, limits.parameters());
      if (header != null) {
        byte[] in = scratch.input(headerChars);
        ParameterParser.copy(header, in, "Authorization header");
        parser.readHeader(in, headerChars, limits.headerParameters());
      }
      int headerEnd = writer.count();
      if (rawQuery != null) {
        byte[] in = scratch.input(queryChars);
        ParameterParser.copy(rawQuery, in, "query");
        parser.readForm(in, queryChars);
      }
      int queryEnd = writer.count();
      if (form != null) {
        parser.readForm(form, formBytes);
      }
      return new OAuthMessage(writer.finish(), headerEnd, queryEnd);
    } finally {
      scratch.release();
    }
  }

  /** Returns {@code oauth_consumer_key}; null where absent. */
  public @Nullable String consumerKey() {
    return parameter(OAuthParameters.CONSUMER_KEY);
  }

  /**
   * Returns {@code oauth_token}; null where absent, which is not the same as present and empty (a
   * two-legged request).
   */
  public @Nullable String token() {
    return parameter(OAuthParameters.TOKEN);
  }

  /** Returns {@code oauth_signature_method} as the client wrote it; null where absent. */
  public @Nullable String signatureMethod() {
    return parameter(OAuthParameters.SIGNATURE_METHOD);
  }

  /** Returns {@code oauth_signature}; null where absent. */
  public @Nullable String signature() {
    return signatureIndex < 0 ? null : parameters.value(signatureIndex);
  }

  /**
   * Returns {@code oauth_timestamp} in seconds since 1970; one beyond the range of a long becomes
   * the end of that range.
   *
   * @throws OAuthProblemException {@code parameter_absent}, or {@code parameter_rejected} where it
   *     is no whole number
   */
  public long timestampSeconds() {
    String text = parameter(OAuthParameters.TIMESTAMP);
    if (text == null) {
      throw OAuthProblemException.absent(OAuthParameters.TIMESTAMP);
    }
    return TimestampWindow.parse(text);
  }

  /** Returns {@code oauth_nonce}; null where absent. */
  public @Nullable String nonce() {
    return parameter(OAuthParameters.NONCE);
  }

  /** Returns {@code oauth_version}; null where absent. */
  public @Nullable String version() {
    return parameter(OAuthParameters.VERSION);
  }

  /** Returns {@code oauth_callback}; null where absent. */
  public @Nullable String callback() {
    return parameter(OAuthParameters.CALLBACK);
  }

  /** Returns {@code oauth_verifier}; null where absent. */
  public @Nullable String verifier() {
    return parameter(OAuthParameters.VERIFIER);
  }

  /** Returns {@code oauth_session_handle}; null where absent. */
  public @Nullable String sessionHandle() {
    return parameter(OAuthParameters.SESSION_HANDLE);
  }

  /**
   * Returns the decoded value of a parameter of any name, wherever it stood; null where absent.
   *
   * @throws OAuthProblemException {@code parameter_rejected} where it is there more than once
   */
  public @Nullable String parameter(String name) {
    int index = single(PercentEncoding.encode(name));
    return index < 0 ? null : parameters.value(index);
  }

  /** Returns whether a parameter is there, empty or not. */
  public boolean has(String name) {
    String encoded = PercentEncoding.encode(name);
    for (int i = 0; i < parameters.count(); i++) {
      if (parameters.nameIs(i, encoded)) {
        return true;
      }
    }
    return false;
  }

  /** Returns all parameters but the realm, decoded, in the order they came: for a diagnosis. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(parameters.count());
    for (int i = 0; i < parameters.count(); i++) {
      all.add(new Parameter(parameters.name(i), parameters.value(i), source(i)));
    }
    return List.copyOf(all);
  }

  /**
   * Holds the request against a list of names.
   *
   * @throws OAuthProblemException {@code parameter_absent}, naming every one it lacks
   */
  public void require(String... names) {
    List<String> absent = new ArrayList<>(0);
    for (String name : names) {
      if (!has(name)) {
        absent.add(name);
      }
    }
    if (!absent.isEmpty()) {
      throw OAuthProblemException.absent(absent);
    }
  }

  /**
   * Returns the signature base string (RFC 5849 3.4.1) this request has when sent to a URL: what a
   * diagnosis shows beside the client's own.
   *
   * @param url absolute URL; a query or fragment in it is ignored
   * @throws IllegalArgumentException if {@code url} is no absolute http or https URL
   */
  public String baseString(String httpMethod, String url) {
    Scratch scratch = Scratch.acquire();
    try {
      BaseString base = BaseString.of(parameters, signatureIndex, scratch);
      base.target(httpMethod, url);
      return base.text();
    } finally {
      scratch.release();
    }
  }

  EncodedParameters encoded() {
    return parameters;
  }

  /** The place of {@code oauth_signature}, or -1. */
  int signatureIndex() {
    return signatureIndex;
  }

  /** Places of the {@code oauth_} parameters, in the order they came. */
  int[] protocolIndexes() {
    return protocol;
  }

  @Override
  public String toString() {
    return "OAuthMessage[" + parameters.count() + " parameters]";
  }

  private Source source(int index) {
    return index < headerEnd ? Source.HEADER : index < queryEnd ? Source.QUERY : Source.FORM;
  }

  private int single(String encodedName) {
    int found = -1;
    for (int i = 0; i < parameters.count(); i++) {
      if (parameters.nameIs(i, encodedName)) {
        if (found >= 0) {
          throw twice(parameters.name(i));
        }
        found = i;
      }
    }
    return found;
  }

  private static @Nullable String onlyOAuthHeader(List<String> headers) {
    String found = null;
    for (String header : headers) {
      if (ParameterParser.isOAuth(header)) {
        if (found != null) {
          throw ParameterParser.malformed("The request has two OAuth Authorization headers.");
        }
        found = header;
      }
    }
    return found;
  }

  private static int[] protocolParameters(EncodedParameters parameters) {
    int[] found = new int[Math.min(parameters.count(), MAX_PROTOCOL_PARAMETERS)];
    int count = 0;
    for (int i = 0; i < parameters.count(); i++) {
      if (!parameters.nameStartsWith(i, PROTOCOL_PREFIX)) {
        continue;
      }
      if (count == MAX_PROTOCOL_PARAMETERS) {
        throw ParameterParser.malformed("The request has too many oauth_ parameters.");
      }
      for (int k = 0; k < count; k++) {
        if (parameters.sameName(found[k], i)) {
          throw twice(parameters.name(i));
        }
      }
      checkLength(parameters, i);
      found[count++] = i;
    }
    return count == found.length ? found : Arrays.copyOf(found, count);
  }

  private static void checkLength(EncodedParameters parameters, int index) {
    if (parameters.end(index) - parameters.valueStart(index) <= MAX_SHORT_VALUE_BYTES) {
      return;
    }
    String name = parameters.name(index);
    int most =
        name.equals(OAuthParameters.SIGNATURE) || name.equals(OAuthParameters.CALLBACK)
            ? MAX_VALUE_BYTES
            : MAX_SHORT_VALUE_BYTES;
    if (parameters.valueLength(index) > most) {
      throw OAuthProblemException.rejected(
          name, "The parameter " + name + " is longer than " + most + " bytes.");
    }
  }

  private static OAuthProblemException twice(String name) {
    return OAuthProblemException.rejected(name, "The parameter " + name + " is there twice.");
  }
}

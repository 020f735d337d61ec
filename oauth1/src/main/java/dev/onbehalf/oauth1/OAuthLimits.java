package dev.onbehalf.oauth1;

/**
 * Bounds on what {@link OAuthMessage#parse} reads; a request beyond one is refused with {@code
 * parameter_rejected}.
 *
 * @param headerChars length of the {@code Authorization} header
 * @param headerParameters parameters in the header
 * @param queryChars length of the raw query
 * @param formBytes length of the form body
 * @param parameters parameters of all three together
 */
public record OAuthLimits(
    int headerChars, int headerParameters, int queryChars, int formBytes, int parameters) {

  /** 8 kB and 64 parameters of header, 32 kB of query, 2 MB of form, 2000 parameters. */
  public static final OAuthLimits DEFAULT =
      new OAuthLimits(8 * 1024, 64, 32 * 1024, 2 * 1024 * 1024, 2000);

  public OAuthLimits {
    if (headerChars < 0
        || headerParameters < 0
        || queryChars < 0
        || formBytes < 0
        || parameters < 0) {
      throw new IllegalArgumentException("Limits must not be negative.");
    }
  }
}

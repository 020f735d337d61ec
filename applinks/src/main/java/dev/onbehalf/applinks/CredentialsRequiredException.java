package dev.onbehalf.applinks;

import java.net.URI;
import java.util.Objects;

/** The acting person has to authorise the link first, at {@link #getAuthorisationURI()}. */
public final class CredentialsRequiredException extends Exception
    implements AuthorisationURIGenerator {
  private static final long serialVersionUID = 1;

  private final transient AuthorisationURIGenerator generator;

  /** Makes one whose addresses come from {@code generator}. */
  public CredentialsRequiredException(AuthorisationURIGenerator generator, String message) {
    super(message);
    this.generator = Objects.requireNonNull(generator, "generator");
  }

  @Override
  public URI getAuthorisationURI() throws ResponseException {
    return generator.getAuthorisationURI();
  }

  @Override
  public URI getAuthorisationURI(URI callback) throws ResponseException {
    return generator.getAuthorisationURI(callback);
  }
}

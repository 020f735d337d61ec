package dev.onbehalf.applinks;

import org.jspecify.annotations.Nullable;

/** Makes something of an answer, or of the news that the person has to authorise the link again. */
public interface ApplicationLinkResponseHandler<R extends @Nullable Object>
    extends ReturningResponseHandler<R> {

  /**
   * Called in place of {@link #handle} when the peer no longer takes the person's token, which is
   * removed by then.
   */
  R credentialsRequired(Response response) throws ResponseException;
}

package dev.onbehalf.applinks;

import org.jspecify.annotations.Nullable;

/** Makes something of an answer. */
@FunctionalInterface
public interface ReturningResponseHandler<R extends @Nullable Object> {

  /** Reads the answer, which is closed afterwards. */
  R handle(Response response) throws ResponseException;
}

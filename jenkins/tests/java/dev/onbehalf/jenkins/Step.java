package dev.onbehalf.jenkins;

import groovy.lang.Closure;
import org.jspecify.annotations.Nullable;

/** A pipeline step written in Java, in the shape jenkins-pipeline-unit calls steps in. */
final class Step extends Closure<Object> {
  private static final long serialVersionUID = 1L;
  private final transient Body body;

  @FunctionalInterface
  interface Body {
    @Nullable Object run(Object[] arguments) throws Exception;
  }

  Step(Body body) {
    super(null);
    this.body = body;
    this.maximumNumberOfParameters = Integer.MAX_VALUE;
  }

  @Override
  public @Nullable Object call() {
    return invoke();
  }

  @Override
  public @Nullable Object call(Object argument) {
    return invoke(argument);
  }

  @Override
  public @Nullable Object call(Object... arguments) {
    return invoke(arguments);
  }

  private @Nullable Object invoke(Object... arguments) {
    try {
      return body.run(arguments);
    } catch (Exception e) {
      throw Step.<RuntimeException>sneaky(e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneaky(Throwable e) throws E {
    throw (E) e;
  }
}

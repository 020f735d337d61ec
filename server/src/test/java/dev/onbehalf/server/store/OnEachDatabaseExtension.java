package dev.onbehalf.server.store;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Gives a test its databases, opened when first asked for. */
final class OnEachDatabaseExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(Database.Dialect.values()).map(Invocation::new);
  }

  private record Invocation(Database.Dialect dialect) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return dialect.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Fixture(dialect));
    }
  }

  private static final class Fixture implements ParameterResolver, AfterEachCallback {
    private final Database.Dialect dialect;
    private @Nullable TestDatabase database;

    Fixture(Database.Dialect dialect) {
      this.dialect = dialect;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Database.class || type == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      if (database == null) {
        database = TestDatabase.create(dialect);
      }
      return parameter.getParameter().getType() == Database.class ? database.database() : database;
    }

    @Override
    public void afterEach(ExtensionContext context) {
      if (database != null) {
        database.close();
      }
    }
  }
}

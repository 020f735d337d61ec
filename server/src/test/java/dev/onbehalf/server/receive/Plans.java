package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.store.Database;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;

/** How a database means to answer a query. */
public final class Plans {
  private Plans() {}

  /** Returns the plan; {@code binding} may bind more than the query has. */
  public static String of(Database database, String sql, UnaryOperator<Query> binding) {
    return database.read(
        handle -> {
          Query explained = handle.createQuery("EXPLAIN " + sql);
          explained.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
          return String.join("\n", binding.apply(explained).mapTo(String.class).list());
        });
  }

  /** Holds that no table that grows with what is received is walked. */
  public static void assertNoneWalksATable(Database database, String plan) {
    String plain = plan.toLowerCase(Locale.ROOT);
    if (database.dialect() == Database.Dialect.H2) {
      assertThat(plain).as(plan).doesNotContain(".tablescan").doesNotContain("_data");
    } else {
      assertThat(plain.replace("seq scan on receive_credential", ""))
          .as(plan)
          .doesNotContain("seq scan");
    }
  }
}

package dev.onbehalf.server.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test twice: on an H2 file and on PostgreSQL, each time with a fresh, migrated database.
 * The test, its {@code @BeforeEach} methods and its constructor may take a {@link Database} or, for
 * restarts and for the data directory, a {@link TestDatabase}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(OnEachDatabaseExtension.class)
public @interface OnEachDatabase {}

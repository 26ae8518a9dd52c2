import type { ColumnType } from 'kysely';

/** Read as Date, written as Date or ISO text. */
export type Time = ColumnType<Date, Date | string, Date | string>;
export type TimeDefault = ColumnType<Date, Date | string | undefined, Date | string>;
export type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** Read parsed, written as JSON text: drivers differ in how they serialise arrays, so the writer does it. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonDefault<T> = ColumnType<T, string | undefined, string>;
export type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** bigint columns are read as number: every value here stays far below 2^53. */
export type Big = ColumnType<number, number | bigint, number | bigint>;
export type BigDefault = ColumnType<number, number | bigint | undefined, number | bigint>;
export type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

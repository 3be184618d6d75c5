/** Orders and times of tables that were asked for; those that were not used for longest go first. */

/** About 64 MB, at eight bytes a record. */
const RECORDS = 8_000_000;

/**
 * @template {{length: number}} T
 * @param {number} [most] how many records, in all that is kept together
 * @returns {(dataset: string, field: string, make: () => T) => T}
 */
export function keeping(most = RECORDS) {
  /** @type {Map<string, T>} */
  const kept = new Map();
  return (dataset, field, make) => {
    const key = JSON.stringify([dataset, field]);
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value);
    let records = [...kept.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [old, each] of kept) {
      if (records <= most || old === key) break;
      kept.delete(old);
      records -= each.length;
    }
    return value;
  };
}

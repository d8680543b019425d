package postern.queue;

import java.time.Duration;

/// The log's sizes and times.
///
/// @param segmentBytes a segment is closed when it is as long as this
/// @param segmentRows or has so many records that are not bodies
/// @param age or took its first record so long ago; so long after that, what is still wanted of it is copied
///     forward
/// @param settle how long a closed segment may be mostly dead before it is emptied: most of what still lives
///     in it is just being delivered
/// @param bufferBytes,buffers what waits to be written
/// @param prefill zeros are written ahead up to the next multiple of this, so that forcing small batches does
///     not change the file's size
/// @param reserve bytes kept for when the disk is full
/// @param minFree `queue_minfree`
/// @param ids of hand-overs
record QueueLimits(
        int segmentBytes,
        int segmentRows,
        Duration age,
        Duration settle,
        int bufferBytes,
        int buffers,
        int prefill,
        int reserve,
        long minFree,
        TakenIds.Limits ids) {
    private static final int MIB = 1024 * 1024;

    QueueLimits with(TakenIds.Limits other) {
        return new QueueLimits(
                segmentBytes, segmentRows, age, settle, bufferBytes, buffers, prefill, reserve, minFree, other);
    }

    static QueueLimits standard(long minFree, TakenIds.Limits ids) {
        return new QueueLimits(
                64 * MIB,
                64 * 1024,
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                256 * 1024,
                16,
                MIB,
                4 * MIB,
                minFree,
                ids);
    }
}

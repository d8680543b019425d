package postern.queue;

class MemoryQueueTest extends QueueContract {
    @Override
    Queue open() {
        return new MemoryQueue(() -> now);
    }

    @Override
    Queue restarted() {
        return ((MemoryQueue) queue).restarted();
    }
}

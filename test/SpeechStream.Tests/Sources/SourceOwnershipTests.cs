using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Sources;

/// <summary>What becomes of the source of a transcription that ends. The clock stands still: whoever waited for a time limit would wait for ever.</summary>
public sealed class SourceOwnershipTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _call = new();
    private readonly CancellationTokenSource _enumeration = new();
    private readonly SpeechStreamClient _client;

    public SourceOwnershipTests()
    {
        var clock = new ManualTimeProvider();
        _client = new SpeechStreamClient(
            new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token"), TimeProvider = clock },
            loggerFactory: null,
            new FakeService(BothServices.Service, clock, () => new Fate { Deaf = true }).ConnectAsync);
    }

    public void Dispose()
    {
        _client.Dispose();
        _call.Dispose();
        _enumeration.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Break_does_not_wait_for_a_pending_read(bool blocks)
    {
        var source = new StubbornSource(pieces: 1, blocks);
        var events = await ReadFirstAsync(source);
        await source.Pending.WaitAsync(Patience);

        await events.DisposeAsync().AsTask().WaitAsync(Patience);

        source.EndRead();
    }

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(0, false, false)]
    [InlineData(0, true, true)]
    [InlineData(1, true, false)]
    [InlineData(1, false, false)]
    [InlineData(1, true, true)]
    public async Task Canceling_does_not_wait_for_a_pending_read(int pieces, bool ofTheCall, bool blocks)
    {
        var source = new StubbornSource(pieces, blocks);
        var ending = ReadToEndAsync(Transcribe(source));
        await source.Pending.WaitAsync(Patience);

        var cancellation = ofTheCall ? _call : _enumeration;
        await cancellation.CancelAsync();

        var thrown = await ending.WaitAsync(Patience);
        thrown.Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        source.EndRead();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_source_is_disposed_when_its_late_read_returns(int pieces)
    {
        var source = new StubbornSource(pieces);
        var ending = ReadToEndAsync(Transcribe(source));
        await source.Pending.WaitAsync(Patience);
        await _call.CancelAsync();
        await ending.WaitAsync(Patience);
        source.Disposed.IsCompleted.Should().BeFalse();

        source.EndRead();

        await source.Disposed.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task A_read_that_fails_after_the_end_is_observed(int pieces) =>
        ShouldObserveAsync(() => EndLateAsync(new StubbornSource(pieces), source => source.FailRead(new IOException("after the end"))));

    [Fact]
    public Task A_disposal_that_fails_after_the_end_is_observed() =>
        ShouldObserveAsync(() => EndLateAsync(
            new StubbornSource(pieces: 1) { DisposalFailure = new IOException("after the end") }, source => source.EndRead()));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_exception_of_a_stopped_source_does_not_hide_the_token(int pieces)
    {
        var pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ending = ReadToEndAsync(_client.TranscribeAsync(FailingWhenStopped(pieces, pending), cancellationToken: _call.Token));
        await pending.Task.WaitAsync(Patience);

        await _call.CancelAsync();

        var thrown = await ending.WaitAsync(Patience);
        thrown.Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(_call.Token);
    }

    [Fact]
    public async Task A_source_is_disposed_when_its_callback_on_the_token_throws()
    {
        var source = new StubbornSource(pieces: 1) { Begun = token => token.UnsafeRegister(static _ => throw new IOException("a bug"), null) };
        var events = await ReadFirstAsync(source);
        await source.Pending.WaitAsync(Patience);
        source.EndRead();

        var ending = () => events.DisposeAsync().AsTask().WaitAsync(Patience);

        (await ending.Should().ThrowAsync<AggregateException>()).WithInnerException<IOException>();
        await source.Disposed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_source_is_disposed_when_options_are_refused()
    {
        var source = new StubbornSource(pieces: 1);

        var thrown = await ReadToEndAsync(Transcribe(source, new() { SampleRate = 44100 })).WaitAsync(Patience);

        thrown.Should().BeAssignableTo<ArgumentException>();
        source.Disposed.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_pipe_is_completed_when_options_are_refused()
    {
        var pipe = new Pipe();

        var thrown = await ReadToEndAsync(_client.TranscribeAsync(pipe.Reader, new() { SampleRate = 44100 })).WaitAsync(Patience);

        thrown.Should().BeAssignableTo<ArgumentException>();
        (await pipe.Writer.FlushAsync()).IsCompleted.Should().BeTrue();
    }

    [Theory]
    [InlineData(AudioFormat.Pcm)]
    [InlineData(AudioFormat.Mp3)]
    public async Task A_pipe_is_completed_when_the_client_is_disposed_before(AudioFormat format)
    {
        var pipe = new Pipe();
        var completed = Completion(pipe);
        var transcription = _client.TranscribeAsync(pipe.Reader, new() { Format = format });
        _client.Dispose();

        var thrown = await ReadToEndAsync(transcription).WaitAsync(Patience);

        thrown.Should().BeOfType<ObjectDisposedException>();
        await completed.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_pipe_is_completed_when_the_client_is_disposed_meanwhile(int pieces)
    {
        var pipe = new Pipe();
        var completed = Completion(pipe);
        var pending = new TaskCompletionSource();
        var ending = ReadToEndAsync(_client.TranscribeAsync(new WatchedReader(pipe.Reader, pieces, pending)));
        await pipe.Writer.WriteAsync(new byte[3_200 * pieces]);
        await pending.Task.WaitAsync(Patience);

        _client.Dispose();

        (await ending.WaitAsync(Patience)).Should().BeOfType<ObjectDisposedException>();
        await completed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_pipe_is_completed_after_a_break()
    {
        var pipe = new Pipe();
        var completed = Completion(pipe);
        await pipe.Writer.WriteAsync(new byte[3_200]);
        var events = _client.TranscribeAsync(pipe.Reader).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().WaitAsync(Patience);

        await events.DisposeAsync().AsTask().WaitAsync(Patience);

        await completed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_source_is_disposed_before_the_enumeration_ends()
    {
        var source = new StubbornSource(pieces: 1);
        source.EndRead();

        (await ReadToEndAsync(Transcribe(source)).WaitAsync(Patience)).Should().BeNull();

        source.Disposed.IsCompleted.Should().BeTrue();
    }

    private IAsyncEnumerable<TranscriptionEvent> Transcribe(StubbornSource source, TranscriptionOptions? options = null) =>
        _client.TranscribeAsync(source, options, _call.Token);

    private async Task<IAsyncEnumerator<TranscriptionEvent>> ReadFirstAsync(StubbornSource source)
    {
        var events = Transcribe(source).GetAsyncEnumerator();
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
        return events;
    }

    private async Task<Exception?> ReadToEndAsync(IAsyncEnumerable<TranscriptionEvent> events)
    {
        try
        {
            await foreach (var happened in events.WithCancellation(_enumeration.Token))
            {
                happened.Should().NotBeNull();
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Completes when the pipe's reader is completed.</summary>
    private static Task Completion(Pipe pipe)
    {
        var completed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CS0618 // A pipe of this process is never without it, and nothing else announces it.
        pipe.Writer.OnReaderCompleted((_, _) => completed.SetResult(), null);
#pragma warning restore CS0618
        return completed.Task;
    }

    private static async Task ShouldObserveAsync(Func<Task> endLate)
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, failed) =>
            Interlocked.Add(ref unobserved, failed.Exception.ToString().Contains("after the end", StringComparison.Ordinal) ? 1 : 0);
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            await endLate();
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            unobserved.Should().Be(0);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }
    }

    // A method of its own, so that nothing of it is left on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task EndLateAsync(StubbornSource source, Action<StubbornSource> end)
    {
        var ending = ReadToEndAsync(Transcribe(source));
        await source.Pending.WaitAsync(Patience);
        await _call.CancelAsync();
        await ending.WaitAsync(Patience);
        end(source);
        await source.Disposed.WaitAsync(Patience);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> FailingWhenStopped(
        int pieces, TaskCompletionSource pending, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var given = 0; given < pieces; given++)
        {
            yield return new byte[3_200];
        }

        var read = new TaskCompletionSource();
        await using var stop = cancellationToken.Register(() => read.SetException(new IOException("stopped")));
        pending.SetResult();
        await read.Task;
    }
}

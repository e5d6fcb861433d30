using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests;

public sealed class SourceTests
{
    private static readonly byte[] Wave = Waves.Wave(Sound.Noise(10, 44100, 1), 44100);

    [Fact]
    public async Task A_source_is_read_once()
    {
        await using var source = await AudioSource.OpenAsync(new MemoryStream(Wave));
        await source.ReadAsync().CountAsync();

        var again = async () => await source.ReadAsync().CountAsync();

        await again.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task A_stream_is_read_from_its_position_and_left_open()
    {
        var stream = new MemoryStream([.. new byte[100], .. Wave]) { Position = 100 };

        var heard = await Heard.OfAsync(stream);

        (heard.Samples.Length, heard.Found.Duration, stream.CanRead).Should().Be((160_000, TimeSpan.FromSeconds(10), true));
    }

    [Fact]
    public async Task Canceling_throws_with_the_caller_s_token()
    {
        using var stop = new CancellationTokenSource();
        var live = new Pieces();
        live.Add(Wave.AsMemory(0, 10_000));
        await using var source = await AudioSource.OpenAsync(live).Within();
        await using var pieces = source.ReadAsync(stop.Token).GetAsyncEnumerator();
        await pieces.MoveNextAsync();
        var waiting = pieces.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        (await waiting.Awaiting(task => task.Within()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
    }

    [Fact]
    public async Task Opening_can_be_canceled_while_a_live_source_says_nothing()
    {
        using var stop = new CancellationTokenSource();
        var opening = AudioSource.OpenAsync(new Pieces(), cancellationToken: stop.Token);

        await stop.CancelAsync();

        (await opening.Awaiting(task => task.Within()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
    }

    [Fact]
    public async Task Disposing_ends_a_read_that_waits()
    {
        var live = new Pieces();
        live.Add(Wave.AsMemory(0, 10_000));
        var source = await AudioSource.OpenAsync(live).Within();
        await using var pieces = source.ReadAsync().GetAsyncEnumerator();
        await pieces.MoveNextAsync();
        var waiting = pieces.MoveNextAsync().AsTask();

        await source.DisposeAsync().AsTask().Within();

        await waiting.Awaiting(task => task.Within()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_file_is_closed()
    {
        using var file = new TemporaryFile(Wave);
        var source = await AudioSource.OpenAsync(file.Path);

        await source.DisposeAsync();
        await source.DisposeAsync();

        File.Open(file.Path, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
    }

    [Fact]
    public async Task What_a_source_throws_is_thrown()
    {
        var live = new Pieces();
        live.Add(Wave.AsMemory(0, 10_000));
        live.End(new IOException("the network is gone"));

        var read = () => Heard.OfAsync(live).Within();

        await read.Should().ThrowAsync<IOException>().WithMessage("the network is gone");
    }

    [Fact]
    public async Task What_is_not_read_yet_is_not_cut_off()
    {
        await using var source = await AudioSource.OpenAsync(new MemoryStream(Wave));

        await foreach (var _ in source.ReadAsync())
        {
            source.Warnings.Should().BeEmpty();
        }
    }
}

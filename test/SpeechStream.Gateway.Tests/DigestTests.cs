using System.Security.Cryptography;

namespace SpeechStream.Gateway.Tests;

public sealed class DigestTests
{
    private static string HashOf(byte[] audio, int from, int to, int bytesPerMs = 32) =>
        Convert.ToHexStringLower(SHA256.HashData(audio.AsSpan(from * bytesPerMs, (to - from) * bytesPerMs)))[..16];

    [Theory]
    [InlineData(Service.Nls, 8000)]
    [InlineData(Service.Nls, 16000)]
    [InlineData(Service.DashScope, 8000)]
    [InlineData(Service.DashScope, 16000)]
    [InlineData(Service.DashScope, 48000)]
    public async Task Sentences_are_two_seconds_and_a_rest_and_hash_what_they_cover(Service service, int sampleRate)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);
        var audio = TestAudio.Sound(5000, sampleRate: sampleRate);

        var events = await client.TranscribeAsync(audio, $$"""{"sample_rate":{{sampleRate}}}""");

        var ends = events.Where(e => e.Name == "SentenceEnd").ToList();
        ends.Select(e => e.Time).Should().Equal(2000, 4000, 5000);
        ends.Select(e => e.BeginTime).Should().Equal(0, 2000, 4000);
        ends.Select(e => e.Index).Should().Equal(1, 2, 3);
        var bytesPerMs = sampleRate / 500;
        ends.Select(e => e.Result).Should().Equal(
            HashOf(audio, 0, 2000, bytesPerMs), HashOf(audio, 2000, 4000, bytesPerMs), HashOf(audio, 4000, 5000, bytesPerMs));
        ends.Select(e => e.Result).Should().Equal(Recognizer.DigestOf(audio, sampleRate).Select(s => s.Text));
        events.Where(e => e.Name != "TranscriptionResultChanged").Select(e => e.Name).Should().Equal(
            "TranscriptionStarted",
            "SentenceBegin", "SentenceEnd", "SentenceBegin", "SentenceEnd", "SentenceBegin", "SentenceEnd",
            "TranscriptionCompleted");
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task A_task_without_audio_or_with_silence_only_has_no_sentences(Service service)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);

        (await client.TranscribeAsync(default)).Select(e => e.Name).Should().Equal("TranscriptionStarted", "TranscriptionCompleted");
        (await client.TranscribeAsync(TestAudio.Silence(5000))).Select(e => e.Name).Should().Equal("TranscriptionStarted", "TranscriptionCompleted");
    }

    [Theory]
    [InlineData(Service.Nls, 1)]
    [InlineData(Service.Nls, 7)]
    [InlineData(Service.Nls, 3200)]
    [InlineData(Service.Nls, 16001)]
    [InlineData(Service.DashScope, 7)]
    [InlineData(Service.DashScope, 16001)]
    public async Task Texts_do_not_depend_on_the_size_of_messages_or_the_service(Service service, int chunk)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);
        byte[] audio = [.. TestAudio.Sound(700), .. TestAudio.Silence(250), .. TestAudio.Sound(310, 2), .. TestAudio.Silence(30)];

        var events = await client.TranscribeAsync(audio, """{"max_sentence_silence":200,"enable_intermediate_result":true}""", chunk);

        events.Where(e => e.Name == "SentenceEnd").Select(e => (e.Time, e.Result)).Should().Equal(
            (700, HashOf(audio, 0, 700)), (1260, HashOf(audio, 950, 1260)));
        events.Where(e => e.Name == "TranscriptionResultChanged").Select(e => (e.Time, e.Result)).Should().Equal(
            (300, HashOf(audio, 0, 300)[..2]), (600, HashOf(audio, 0, 600)[..4]), (1250, HashOf(audio, 950, 1250)[..2]));
    }

    [Fact]
    public void Inserted_silence_changes_no_text()
    {
        byte[] first = TestAudio.Sound(3000), second = TestAudio.Sound(2500, 2);
        var expected = Texts(first).Concat(Texts(second)).ToList();

        foreach (var pause in new[] { 800, 801, 1999, 5000, 60_000 })
        {
            Texts([.. first, .. TestAudio.Silence(pause), .. second, .. TestAudio.Silence(pause)]).Should().Equal(expected);
        }
    }

    [Fact]
    public void Silence_that_is_too_short_is_audio_even_where_a_sentence_is_cut()
    {
        byte[] audio = [.. TestAudio.Sound(1900), .. TestAudio.Silence(300), .. TestAudio.Sound(100, 2)];

        Recognizer.DigestOf(audio).Should().Equal(
            new DigestSentence(TimeSpan.Zero, TimeSpan.FromSeconds(2), HashOf(audio, 0, 2000)),
            new DigestSentence(TimeSpan.FromMilliseconds(2200), TimeSpan.FromMilliseconds(2300), HashOf(audio, 2200, 2300)));
    }

    [Fact]
    public void Sentences_cover_whole_milliseconds_whatever_sample_the_sound_begins_at()
    {
        var audio = TestAudio.Sound(3000);
        audio.AsSpan(0, 2002).Clear();
        audio.AsSpan(40_006, 32_000).Clear();

        var sentences = Recognizer.DigestOf(audio);

        sentences.Select(s => (s.BeginTime.TotalMilliseconds, s.EndTime.TotalMilliseconds)).Should().Equal((62, 1251), (2250, 3000));
        sentences.Select(s => s.Text).Should().Equal(HashOf(audio, 62, 1251), HashOf(audio, 2250, 3000));
    }

    /// <summary>What a client does after a lost connection.</summary>
    [Fact]
    public void Audio_from_any_sentence_end_on_gives_the_sentences_that_follow()
    {
        var random = new Random(20);
        for (var round = 0; round < 200; round++)
        {
            var audio = RandomAudio(random);
            var all = Recognizer.DigestOf(audio, maxSentenceSilence: 200);
            for (var i = 0; i < all.Count - 1; i++)
            {
                var rest = audio.AsSpan((int)all[i].EndTime.TotalMilliseconds * 32);
                Recognizer.DigestOf(rest, maxSentenceSilence: 200).Select(s => s.Text).Should().Equal(all.Skip(i + 1).Select(s => s.Text));
            }
        }
    }

    [Fact]
    public void A_lost_repeated_or_reordered_sample_changes_a_text()
    {
        var audio = TestAudio.Sound(3000);
        var expected = Texts(audio);

        Texts([.. audio[..1000], .. audio[1002..]]).Should().NotEqual(expected);
        Texts([.. audio[..1002], .. audio[1000..]]).Should().NotEqual(expected);
        Texts([.. audio[..1000], .. audio[1002..1004], .. audio[1000..1002], .. audio[1004..]]).Should().NotEqual(expected);
        Texts(audio[..^2]).Should().NotEqual(expected);
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task Compressed_formats_are_cut_every_64000_bytes(Service service)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);
        var audio = new byte[100_001];

        var events = await client.TranscribeAsync(audio, """{"format":"mp3"}""");

        events.Where(e => e.Name == "SentenceEnd").Select(e => (e.Time, e.Result)).Should().Equal(
            (2000, HashOf(audio, 0, 2000)), (3125, Convert.ToHexStringLower(SHA256.HashData(audio.AsSpan(64_000)))[..16]));
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task A_wave_header_is_no_audio(Service service)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);
        var audio = TestAudio.Sound(500);
        byte[] header = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVELIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. "data"u8, 255, 255, 255, 255];

        var events = await client.TranscribeAsync((byte[])[.. header, .. audio], """{"format":"wav"}""", chunk: 9);

        events.Single(e => e.Name == "SentenceEnd").Result.Should().Be(HashOf(audio, 0, 500));
    }

    private static List<string> Texts(byte[] audio) => [.. Recognizer.DigestOf(audio).Select(s => s.Text)];

    private static byte[] RandomAudio(Random random)
    {
        var audio = new List<byte>();
        for (var part = random.Next(2, 8); part > 0; part--)
        {
            audio.AddRange(TestAudio.Sound(random.Next(1, 3000), random.Next()));
            audio.AddRange(new byte[2 * random.Next(0, 8000)]);
        }

        return [.. audio];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7000)]
    [InlineData(11_025)]
    [InlineData(44_100)]
    [InlineData(96_000)]
    public void A_rate_that_no_task_can_have_is_refused(int sampleRate)
    {
        FluentActions.Invoking(() => Recognizer.DigestOf(TestAudio.Sound(1), sampleRate)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName(nameof(sampleRate));
    }
}

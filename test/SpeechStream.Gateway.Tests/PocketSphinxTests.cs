using System.Runtime.InteropServices;

namespace SpeechStream.Gateway.Tests;

public sealed class PocketSphinxTests
{
    private static readonly string[] Sentences =
    [
        "playback of the list of people attending is complete",
        "press one to enter an extension press two to use the directory",
        "press one to accept this recording otherwise please continue to hold",
        "that is not a valid conference number please try again",
    ];

    private static byte[] Recording => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"));

    private static async Task<LocalGateway> StartAsync(TimeProvider? timeProvider = null)
    {
        try
        {
            // A busy machine may need longer for a message than the service waits for the next one.
            var options = new LocalGatewayOptions
            {
                Recognizer = Recognizer.PocketSphinx,
                IdleTimeout = TimeSpan.FromHours(1),
                TimeProvider = timeProvider ?? TimeProvider.System,
            };
            return await LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
        }
        catch (RecognizerUnavailableException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    private static async Task<List<Event>> TranscribeAsync(LocalGateway gateway, byte[] audio, int chunk, string payload, Service service = Service.Nls)
    {
        using var client = await RawClient.ConnectAsync(gateway, service);

        // Unpaced audio makes the gateway hold the client up, so reading and sending go on side by side.
        await client.StartAsync(payload);
        var sending = Task.Run(async () =>
        {
            await client.AudioAsync(audio, chunk);
            await client.StopAsync();
        });
        var events = await client.ReadToAsync("TranscriptionCompleted");
        await sending;
        return events;
    }

    /// <summary>An event without what is drawn anew for each.</summary>
    private static string Told(Event e)
    {
        e.Json.TryGetPropertyValue("payload", out var payload);
        payload?.AsObject().Remove("sentence_id");
        return e.Name + payload?.ToJsonString();
    }

    private static List<Event> Ends(List<Event> events) => [.. events.Where(e => e.Name == "SentenceEnd")];

    [Fact]
    public async Task A_recording_gives_its_words_with_times_and_confidences()
    {
        await using var gateway = await StartAsync();

        var events = await TranscribeAsync(gateway, Recording, 3200, """{"format":"wav","enable_words":true,"enable_intermediate_result":true}""");

        Ends(events).Select(e => e.Result).Should().Equal(Sentences);
        events.Count(e => e.Name == "TranscriptionResultChanged").Should().BeGreaterThan(40);
        foreach (var end in Ends(events).Select(e => e.Payload))
        {
            var words = end["words"]!.AsArray().Select(w => w!.AsObject()).ToList();
            string.Join(' ', words.Select(w => (string)w["text"]!)).Should().Be((string)end["result"]!);
            ((int)words[0]["startTime"]!).Should().BeGreaterThanOrEqualTo((int)end["begin_time"]!);
            ((int)words[^1]["endTime"]!).Should().BeLessThanOrEqualTo((int)end["time"]!);
            words.Select(w => (int)w["startTime"]!).Should().BeInAscendingOrder();
            ((double)end["confidence"]!).Should().BeInRange(0.1, 1);
        }
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(65_536)]
    public async Task Events_do_not_depend_on_the_size_of_messages(int chunk)
    {
        await using var gateway = await StartAsync();
        const string Payload = """{"format":"wav","enable_words":true,"enable_intermediate_result":true}""";
        var audio = Recording[..(44 + 5000 * 32)];
        var expected = await TranscribeAsync(gateway, audio, 3200, Payload);

        var events = await TranscribeAsync(gateway, audio, chunk, Payload);

        Ends(expected)[0].Result.Should().Be(Sentences[0]);
        events.Skip(1).Select(Told).Should().Equal(expected.Skip(1).Select(Told));
    }

    [Fact]
    public async Task DashScope_gives_the_same_words_at_the_same_times()
    {
        await using var gateway = await StartAsync();
        var nls = await TranscribeAsync(gateway, Recording, 3200, """{"format":"wav","enable_words":true,"enable_intermediate_result":true}""");

        var events = await TranscribeAsync(gateway, Recording, 3200, """{"format":"wav"}""", Service.DashScope);

        Ends(events).Select(e => (e.Index, e.BeginTime, e.Time, e.Result)).Should().Equal(Ends(nls).Select(e => (e.Index, e.BeginTime, e.Time, e.Result)));
        Ends(events).SelectMany(e => e.Words).Should().Equal(Ends(nls).SelectMany(e => e.Words));
        events.Where(e => e.Name == "TranscriptionResultChanged").Select(e => (e.Index, e.Result)).Should().Equal(
            nls.Where(e => e.Name == "TranscriptionResultChanged").Select(e => (e.Index, e.Result)));
        events[^1].Duration.Should().Be((Recording.Length - 44 + 31_999) / 32_000);
    }

    /// <summary>What a client does after a lost connection.</summary>
    [Fact]
    public async Task Audio_from_a_sentence_end_on_gives_the_same_sentences()
    {
        await using var gateway = await StartAsync();
        var samples = Recording[(44 + 10_500 * 32)..];
        const string Words = """{"enable_words":true}""";
        var all = Ends(await TranscribeAsync(gateway, samples, 3200, Words));
        var offset = all[0].Time;

        var rest = Ends(await TranscribeAsync(gateway, samples[(offset * 32)..], 3200, Words));

        rest.Select(e => e.Result).Should().Equal(Sentences[3]);
        rest.Select(e => e.Time + offset).Should().Equal(all[1..].Select(e => e.Time));
        rest.Select(e => (double)e.Payload["confidence"]!).Should().Equal(all[1..].Select(e => (double)e.Payload["confidence"]!));
    }

    [Fact]
    public async Task Silence_has_no_sentences_and_compressed_audio_is_refused()
    {
        await using var gateway = await StartAsync();
        (await TranscribeAsync(gateway, TestAudio.Silence(2000), 3200, "{}")).Should().HaveCount(2);

        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync("""{"format":"mp3"}""");
        (await client.ReadAsync())!.Status.Should().Be(41010100);
        using var dashScope = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await dashScope.StartAsync("""{"format":"mp3"}""");
        (await dashScope.ReadAsync())!.ErrorCode.Should().Be("UNSUPPORTED_FORMAT");
    }

    [Fact]
    public async Task Noise_without_words_is_silence_for_the_limit_of_DashScope()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = await StartAsync(clock);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync();
        await client.ReadAsync();
        clock.Advance(TimeSpan.FromSeconds(59));

        // A message that is read sets the limit of data again; by then the one before it was heard.
        for (var message = 0; message < 2; message++)
        {
            var read = clock.TimerSetAsync(TimeSpan.FromHours(1));
            await client.AudioAsync(Enumerable.Range(0, 3200).Select(i => (byte)(i % 2 == 0 ? i % 7 : 0)).ToArray());
            await read;
        }

        clock.Advance(TimeSpan.FromSeconds(1));

        (await client.ReadToAsync("TaskFailed"))[^1].ErrorCode.Should().Be("RequestTimeOut");
    }

    [Fact]
    public async Task Words_are_found_at_8_kHz_too()
    {
        await using var gateway = await StartAsync();
        var samples = MemoryMarshal.Cast<byte, short>(Recording.AsSpan(44, 5000 * 32)).ToArray();
        var halved = samples.Chunk(2).Select(pair => (short)pair.Average(s => s)).ToArray();

        var events = await TranscribeAsync(gateway, MemoryMarshal.AsBytes<short>(halved).ToArray(), 1600, """{"sample_rate":8000}""");

        Ends(events).Should().ContainSingle().Which.Time.Should().BeInRange(3600, 3800);
    }

    [Fact]
    public async Task A_task_beyond_three_a_core_fails_with_40000005()
    {
        await using var gateway = await StartAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i <= 3 * Environment.ProcessorCount; i++)
        {
            clients.Add(await RawClient.ConnectAsync(gateway));
            await clients[i].StartAsync();
        }

        (await clients[^1].ReadAsync())!.Status.Should().Be(40000005);
        (await clients[^2].ReadAsync())!.Name.Should().Be("TranscriptionStarted");
        clients.ForEach(c => c.Dispose());
    }
}

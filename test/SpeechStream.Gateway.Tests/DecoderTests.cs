namespace SpeechStream.Gateway.Tests;

/// <summary>A recognizer of one's own: the decoder understands, and the gateway does the rest.</summary>
public sealed class DecoderTests
{
    private const int Rate = 16000;

    [Theory]
    [InlineData(Service.Nls)]
    [InlineData(Service.DashScope)]
    public async Task The_gateway_finds_sentences_and_the_decoder_their_words(Service service)
    {
        await using var gateway = await StartAsync(Recognizer.FromDecoder(() => new Counter()));
        using var client = await RawClient.ConnectAsync(gateway, service);

        await client.StartAsync("""{"enable_intermediate_result":true,"enable_words":true}""");
        await client.AudioAsync(Audio(0.5, 1.0, 0.4));
        await client.StopAsync();
        var events = await client.ReadToAsync("TranscriptionCompleted");

        var finals = events.Where(e => e.Name == "SentenceEnd").ToList();
        finals.Should().HaveCount(3, "each run of noise is a sentence");
        events.Count(e => e.Name == "SentenceBegin").Should().Be(3);
        events.Should().Contain(e => e.Name == "TranscriptionResultChanged");
        finals.Select(final => final.Result).Should().OnlyContain(text => text.EndsWith(" frames, 1 sentences", StringComparison.Ordinal), "each sentence is the decoder's first since its start");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 10)]
    public async Task Without_interim_results_a_decoder_is_asked_only_until_there_are_words(bool wantsInterimResults, int least)
    {
        var asked = 0;
        await using var gateway = await StartAsync(Recognizer.FromDecoder(() => new Counter(() => asked++)));
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync(wantsInterimResults ? """{"enable_intermediate_result":true}""" : "{}");
        await client.AudioAsync(Audio(2));
        await client.StopAsync();
        var events = await client.ReadToAsync("TranscriptionCompleted");

        events.Select(e => e.Name).Where(name => name.StartsWith("Sentence", StringComparison.Ordinal)).Should().Equal("SentenceBegin", "SentenceEnd");
        (wantsInterimResults ? asked >= least : asked == least).Should().BeTrue($"it was asked {asked} times");
    }

    [Fact]
    public async Task The_decoder_of_the_readme_says_how_loud_it_is()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.FromDecoder(() => new LoudnessDecoder()) });
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        await client.AudioAsync(Audio(1));
        await client.StopAsync();

        (await client.ReadToAsync("TranscriptionCompleted")).Single(e => e.Name == "SentenceEnd").Result.Should().MatchRegex("^-[0-9]+ dB$");
        var code = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "LoudnessDecoder.cs"))).ReplaceLineEndings("\n").Split("\n\n", 2)[1].Trim();
        (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"))).ReplaceLineEndings("\n").Should().Contain($"```csharp\n{code}\n```");
    }

    [Fact]
    public async Task A_decoder_that_understands_nothing_makes_no_sentence()
    {
        await using var gateway = await StartAsync(Recognizer.FromDecoder(() => new Deaf()));
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync();
        await client.AudioAsync(Audio(1));
        await client.StopAsync();

        (await client.ReadToAsync("TranscriptionCompleted")).Should().NotContain(e => e.Name.StartsWith("Sentence", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_tasks_run_than_it_may_and_each_decoder_is_disposed()
    {
        var (made, disposed) = (0, 0);
        await using (var gateway = await StartAsync(Recognizer.FromDecoder(
            () =>
            {
                Interlocked.Increment(ref made);
                return new Deaf(() => Interlocked.Increment(ref disposed));
            },
            maxTasks: 1)))
        {
            using var first = await RawClient.ConnectAsync(gateway);
            using var second = await RawClient.ConnectAsync(gateway);
            await first.StartAsync();
            await first.ReadToAsync("TranscriptionStarted");

            await second.StartAsync();

            (await second.ReadToAsync("TaskFailed"))[^1].Status.Should().Be(40000005);
            await first.StopAsync();
            await first.ReadToAsync("TranscriptionCompleted");
        }

        made.Should().BeGreaterThan(0);
        disposed.Should().Be(made);
    }

    [Fact]
    public async Task A_decoder_that_can_t_be_made_keeps_the_gateway_from_starting()
    {
        var start = () => StartAsync(Recognizer.FromDecoder(() => throw new RecognizerUnavailableException("Get the model first.")));

        await start.Should().ThrowAsync<RecognizerUnavailableException>().WithMessage("Get the model first.");
    }

    [Fact]
    public async Task A_gateway_whose_next_decoder_can_t_be_made_is_disposed_of_nevertheless()
    {
        var made = 0;
        var gateway = await StartAsync(Recognizer.FromDecoder(() => Interlocked.Increment(ref made) == 1 ? new Deaf() : throw new RecognizerUnavailableException("Gone.")));
        using (var client = await RawClient.ConnectAsync(gateway))
        {
            await client.StartAsync();
            await client.StopAsync();
            await client.ReadToAsync("TranscriptionCompleted");
        }

        await gateway.DisposeAsync();

        made.Should().Be(2);
    }

    [Theory]
    [InlineData("InvalidOperationException: It broke.", false, false)]
    [InlineData("TaskCanceledException: It broke.", true, false)]
    [InlineData("TaskCanceledException: It broke.", true, true)]
    public async Task A_decoder_that_fails_fails_its_task_alone(string expected, bool isTimeout, bool isAtEnd)
    {
        // A client of HTTP throws the second one, when its own time is over.
        Exception exception = isTimeout ? new TaskCanceledException("It broke.") : new InvalidOperationException("It broke.");
        await using var gateway = await StartAsync(Recognizer.FromDecoder(() => new Failing(exception, isAtEnd)));
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        await client.AudioAsync(isAtEnd ? Audio(1)[..(Rate * sizeof(short))] : Audio(1));
        await client.StopAsync();

        var failed = (await client.ReadToAsync("TaskFailed"))[^1];
        failed.Status.Should().Be(50000000);
        failed.StatusText.Should().EndWith(expected);

        using var next = await RawClient.ConnectAsync(gateway);
        await next.StartAsync();
        (await next.ReadToAsync("TranscriptionStarted"))[^1].Name.Should().Be("TranscriptionStarted");
    }

    [Fact]
    public async Task A_decoder_that_fails_to_be_disposed_of_fails_its_task_and_leaves_its_place()
    {
        var made = 0;
        await using var gateway = await StartAsync(Recognizer.FromDecoder(
            () => Interlocked.Increment(ref made) <= 2 ? new Deaf(() => throw new InvalidOperationException("It stays.")) : new Deaf(),
            maxTasks: 1));
        for (var i = 0; i < 2; i++)
        {
            using var client = await RawClient.ConnectAsync(gateway);
            await client.StartAsync();
            await client.StopAsync();

            (await client.ReadToAsync("TaskFailed"))[^1].StatusText.Should().EndWith("InvalidOperationException: It stays.");
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(12000)]
    [InlineData(24000)]
    [InlineData(48000)]
    public async Task Audio_of_any_rate_reaches_the_decoder_at_16_kHz(int sampleRate)
    {
        await using var gateway = await StartAsync(Recognizer.FromDecoder(() => new Counter()));
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.StartAsync($$"""{"sample_rate":{{sampleRate}}}""");
        await client.AudioAsync(TestAudio.Sound(1000, sampleRate: sampleRate));
        await client.StopAsync();

        var final = (await client.ReadToAsync("TranscriptionCompleted")).Single(e => e.Name == "SentenceEnd");
        (final.Result, final.Time).Should().Be(("100 frames, 1 sentences", 1000));
    }

    private static Task<LocalGateway> StartAsync(Recognizer recognizer) =>
        LocalGateway.StartAsync(new() { Recognizer = recognizer }, TestContext.Current.CancellationToken);

    /// <summary>Runs of noise of these durations, each with 1 s of silence after it.</summary>
    private static byte[] Audio(params double[] seconds)
    {
        var random = new Random(1);
        return [.. seconds.SelectMany(duration =>
        {
            var run = new byte[(int)(duration * Rate) * sizeof(short)];
            random.NextBytes(run);
            return run.Concat(new byte[Rate * sizeof(short)]);
        })];
    }

    private sealed class Counter(Action? askedForInterim = null) : SpeechDecoder
    {
        private int _frames;
        private int _sentences;

        public override void Start() => (_frames, _sentences) = (0, _sentences + 1);

        public override void Write(ReadOnlySpan<short> samples)
        {
            samples.Length.Should().Be(Rate / 100);
            _frames++;
        }

        public override DecodedText? Read(bool isFinal)
        {
            if (!isFinal)
            {
                askedForInterim?.Invoke();
            }

            var text = new DecodedText($"{_frames} frames, {_sentences} sentences");
            _sentences = isFinal ? 0 : _sentences;
            return text;
        }
    }

    private sealed class Deaf(Action? disposed = null) : SpeechDecoder
    {
        public override void Start()
        {
        }

        public override void Write(ReadOnlySpan<short> samples)
        {
        }

        public override DecodedText? Read(bool isFinal) => null;

        protected override void Dispose(bool disposing)
        {
            disposed?.Invoke();
            base.Dispose(disposing);
        }
    }

    private sealed class Failing(Exception exception, bool isAtEnd) : SpeechDecoder
    {
        public override void Start()
        {
            if (!isAtEnd)
            {
                throw exception;
            }
        }


        public override void Write(ReadOnlySpan<short> samples)
        {
        }

        public override DecodedText? Read(bool isFinal) => isFinal ? throw exception : null;
    }
}

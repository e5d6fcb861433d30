using System.Text.Json.Nodes;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class ControlTests : BothServices
{
    private protected ControlTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task In_an_outage_a_control_message_goes_into_the_next_start()
    {
        using var run = Simulated.Scripted(1, fates: [new Fate { Deaf = true }, new Fate { Unanswered = true }, new Fate { Deaf = true }]);
        run.Service.Lose();
        var sent = run.Session.ControlAsync(Payload(Controlled.Parameter, 1));
        sent.IsCompleted.Should().BeFalse();
        run.Advance(11);

        await sent;
        Controlled.In(run.Service.Starts.Last()).GetInt32().Should().Be(1);
        run.Service.Commands.Should().NotContain(command => command.Name == "ControlTranscriber", "the start has said it");
    }

    [Fact]
    public async Task After_the_end_ControlAsync_fails()
    {
        using var run = Simulated.Scripted(1);
        run.Session.Audio.Complete();
        run.Settle();

        await run.Session.Awaiting(session => session.ControlAsync(Payload(Controlled.Parameter, 1))).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Before_the_start_ControlAsync_is_refused()
    {
        using var run = new Simulated();

        await run.Session.Awaiting(session => session.ControlAsync(Payload(Controlled.Parameter, 1))).Should().ThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [InlineData("format")]
    [InlineData("sample_rate")]
    [InlineData("tw_time_offset")]
    public async Task Parameters_that_would_break_times_are_refused(string name)
    {
        using var run = Simulated.Scripted(1);

        await run.Session.Awaiting(session => session.ControlAsync(Payload(name, 1))).Should().ThrowAsync<ArgumentException>().WithMessage($"*{name}*");
    }

    [Fact]
    public void A_message_whose_send_fails_goes_out_with_the_next_start()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].BlocksSends = true;
        var sent = run.Session.ControlAsync(Payload(Controlled.Parameter, 900));

        run.Service.Lose();
        run.Settle();

        sent.IsCompletedSuccessfully.Should().BeTrue();
        Controlled.In(run.Service.Starts.Last()).GetInt32().Should().Be(900);
    }

    [Fact]
    public void A_message_ends_the_wait_for_audio_after_an_idle_time_out()
    {
        using var run = Simulated.Scripted(1);
        run.Service.SayEnd(1, 0, 1000);
        run.Service.Lose(40000004);
        run.Settle();

        var sent = run.Session.ControlAsync(Payload(Controlled.Parameter, 900));
        run.Settle();

        sent.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task A_value_that_is_no_JSON_is_refused_at_once()
    {
        using var run = Simulated.Scripted(1);

        await run.Session.Awaiting(session => session.ControlAsync(new Dictionary<string, JsonNode?> { ["a"] = double.NaN })).Should().ThrowAsync<ArgumentException>().WithMessage("'a' *JSON*");
        run.Client.Invoking(client => client.CreateSession(new() { AdditionalParameters = new Dictionary<string, JsonNode?> { ["b"] = double.NaN } }))
            .Should().Throw<ArgumentException>().WithMessage("'b' *JSON*");
    }

    private protected static Dictionary<string, JsonNode?> Payload(string name, int value) => new() { [name] = value };
}

public sealed class ControlTestsWithNls() : ControlTests(SpeechService.Nls)
{
    [Fact]
    public void A_control_message_is_sent_with_its_payload()
    {
        using var run = Simulated.Scripted(1);
        var sent = run.Session.ControlAsync(Payload("max_sentence_silence", 900));

        sent.IsCompleted.Should().BeTrue();
        var (_, name, message) = run.Service.Commands[^1];
        name.Should().Be("ControlTranscriber");
        message.GetProperty("payload").GetProperty("max_sentence_silence").GetInt32().Should().Be(900);
    }

    [Fact]
    public void The_name_of_control_messages_can_be_set()
    {
        using var run = Simulated.Scripted(1, options: new() { ControlMessageName = "ControlIt" });
        run.Session.ControlAsync(Payload("a", 1));

        run.Service.Commands[^1].Name.Should().Be("ControlIt");
    }

    [Fact]
    public void Later_starts_have_the_last_value_of_each_control_parameter()
    {
        using var run = Simulated.Scripted(1, options: new() { MaxSentenceSilence = TimeSpan.FromMilliseconds(800) });
        run.Session.ControlAsync(Payload("max_sentence_silence", 900));
        run.Session.ControlAsync(Payload("other", 1));
        run.Session.ControlAsync(Payload("max_sentence_silence", 1000));
        for (var i = 0; i < 2; i++)
        {
            run.Service.Lose();
            run.Settle();
        }

        var payloads = run.Service.Starts.Select(start => start.GetProperty("payload")).ToList();
        payloads.Select(payload => payload.GetProperty("max_sentence_silence").GetInt32()).Should().Equal(800, 1000, 1000);
        payloads[1].GetProperty("other").GetInt32().Should().Be(1);
    }
}

public sealed class ControlTestsWithDashScope() : ControlTests(SpeechService.DashScope);

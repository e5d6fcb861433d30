using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

/// <summary>A broken interim result costs nothing, since the next one replaces it. A broken final would cost a sentence.</summary>
public sealed class BrokenInterimTests
{
    private const string TaskId = "aef538e13b0449139ea803ef7b9c9297";

    private readonly ServerMessage _message = new();

    public static TheoryData<string> BrokenPayloads =>
    [
        """{"index":1,"time":1,"result":"\ud800"}""",
        """{"index":1,"time":1,"result":"","words":[{"text":"\udc00"}]}""",
        """{"index":1,"time":1,"result":5}""",
        """{"index":1,"time":1}""",
        """{"index":1,"time":"late","result":""}""",
        """{"index":1,"time":null,"result":""}""",
        """{"index":[],"time":1,"result":""}""",
        """{"time":1,"result":""}""",
        "[1]",
        "null",
    ];

    [Theory]
    [MemberData(nameof(BrokenPayloads))]
    public void A_broken_interim_result_is_skipped(string payload) =>
        Read($$"""{"header":{{Header("TranscriptionResultChanged")}},"payload":{{payload}} }""").Should().Be(MessageOutcome.Skipped);

    [Theory]
    [MemberData(nameof(BrokenPayloads))]
    public void A_broken_interim_result_is_skipped_when_its_name_comes_last(string payload) =>
        Read($$"""{"payload":{{payload}},"header":{{Header("TranscriptionResultChanged")}} }""").Should().Be(MessageOutcome.Skipped);

    [Theory]
    [MemberData(nameof(BrokenPayloads))]
    public void A_broken_final_is_an_error_when_its_name_comes_first(string payload) =>
        this.Invoking(test => test.Read($$"""{"header":{{Header("SentenceEnd")}},"payload":{{payload}} }""")).Should().Throw<SpeechProtocolException>();

    [Theory]
    [MemberData(nameof(BrokenPayloads))]
    public void A_broken_final_is_an_error_when_its_name_comes_last(string payload) =>
        this.Invoking(test => test.Read($$"""{"payload":{{payload}},"header":{{Header("SentenceEnd")}} }""")).Should().Throw<SpeechProtocolException>();

    [Theory]
    [MemberData(nameof(BrokenPayloads))]
    public void A_broken_final_of_another_task_is_ignored(string payload) =>
        Read($$"""{"payload":{{payload}},"header":{"name":"SentenceEnd","task_id":"other"} }""").Should().Be(MessageOutcome.OtherTask);

    [Fact]
    public void An_interim_result_cut_off_after_its_name_is_skipped()
    {
        var whole = $$"""{"header":{"task_id":"{{TaskId}}","name":"TranscriptionResultChanged","status":20000000},"payload":{"index":1,"time":1,"result":"r"} }""";
        for (var length = whole.IndexOf("\"status\"", StringComparison.Ordinal); length < whole.Length; length++)
        {
            Read(whole[..length]).Should().Be(MessageOutcome.Skipped, "it is cut at {0}", length);
        }
    }

    [Fact]
    public void A_message_cut_off_before_its_name_may_be_a_final() =>
        this.Invoking(test => test.Read($$"""{"header":{"task_id":"{{TaskId}}","name":"TranscriptionResult""")).Should().Throw<SpeechProtocolException>();

    [Fact]
    public void A_message_malformed_before_its_task_is_unreadable() =>
        Read($$"""{"payload":{"index":1,"time":1,"result":"a"b"},"header":{{Header("TranscriptionResultChanged")}} }""").Should().Be(MessageOutcome.Unreadable);

    [Fact]
    public void An_interim_result_that_is_no_UTF8_is_skipped()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"payload":{"index":1,"time":1,"result":"?"},"header":{{Header("TranscriptionResultChanged")}} }""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        new MessageReader(TaskId, new Redactor()).Read(bytes, _message).Should().Be(MessageOutcome.Skipped);
    }

    [Fact]
    public void Half_a_character_in_the_status_of_an_interim_is_skipped() =>
        Read($$"""{"header":{"status_text":"\ud800","name":"TranscriptionResultChanged","task_id":"{{TaskId}}"} }""").Should().Be(MessageOutcome.Skipped);

    [Fact]
    public void Half_a_character_in_the_status_of_a_failure_is_an_error() =>
        this.Invoking(test => test.Read($$"""{"header":{"status_text":"\ud800","name":"TaskFailed","task_id":"{{TaskId}}"} }""")).Should().Throw<SpeechProtocolException>();

    private static string Header(string name) => $$"""{"name":"{{name}}","task_id":"{{TaskId}}"}""";

    private MessageOutcome Read(string json) => new MessageReader(TaskId, new Redactor()).Read(Encoding.UTF8.GetBytes(json), _message);
}

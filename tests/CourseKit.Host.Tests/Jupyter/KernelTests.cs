using System.Text.Json.Nodes;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>What a kernel answers, one process for all: each test leaves it as it found it.</summary>
public sealed class KernelTests(KernelTests.Running running) : IClassFixture<KernelTests.Running>
{
    private readonly KernelClient _kernel = running.Kernel;

    public sealed class Running : IAsyncLifetime
    {
        internal KernelClient Kernel { get; private set; } = null!;

        public async Task InitializeAsync() => Kernel = await KernelClient.StartAsync();

        public async Task DisposeAsync() => await Kernel.DisposeAsync();
    }

    [Fact]
    public async Task KernelInfo_NamesProtocolAndLanguage()
    {
        var info = await _kernel.RequestAsync("kernel_info_request", []);

        Assert.Equal(("ok", "5.3", "coursekit"), ((string)info["status"]!, (string)info["protocol_version"]!, (string)info["implementation"]!));
        Assert.Equal(("C#", ".cs", "text/x-csharp", "csharp"), ((string)info["language_info"]!["name"]!, (string)info["language_info"]!["file_extension"]!,
            (string)info["language_info"]!["mimetype"]!, (string)info["language_info"]!["pygments_lexer"]!));
    }

    [Fact]
    public async Task Execute_PublishesInOrderWithTheRequestAsParent()
    {
        var id = await _kernel.SendAsync("execute_request", KernelClient.Execute("Console.Write(\"out\"); Console.Error.Write(\"err\"); display(1);\n2"));
        var reply = _kernel.Reply(id).Content;
        var published = _kernel.Published(id);

        Assert.Equal(["status", "execute_input", "stream", "stream", "display_data", "execute_result"], published.Select(message => message.Type));
        Assert.Equal("busy", published[0].Text("execution_state"));
        Assert.Equal(("stdout", "out"), (published[2].Text("name"), published[2].Text("text")));
        Assert.Equal(("stderr", "err"), (published[3].Text("name"), published[3].Text("text")));
        Assert.Equal("1", (string)published[4].Content["data"]!["text/plain"]!);
        Assert.Equal("2", (string)published[5].Content["data"]!["text/plain"]!);
        Assert.Equal("ok", (string)reply["status"]!);
        Assert.Equal((int)published[1].Content["execution_count"]!, (int)reply["execution_count"]!);
        Assert.Equal((int)published[5].Content["execution_count"]!, (int)reply["execution_count"]!);
    }

    [Fact]
    public async Task Execute_Update_ReplacesUnderTheSameId()
    {
        var (_, outputs) = await _kernel.ExecuteAsync("var shown = display(\"a\"); shown.Update(\"b\"); HTML(\"<b>c</b>\").Display().Update(4);");

        Assert.Equal(["display_data", "update_display_data", "display_data", "update_display_data"], outputs.Select(output => output.Type));
        var ids = outputs.Select(output => (string)output.Content["transient"]!["display_id"]!).ToList();
        Assert.Equal((ids[0], ids[2]), (ids[1], ids[3]));
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Equal(["a", "b", null, "4"], outputs.Select((output, i) => i == 2 ? null : (string)output.Content["data"]!["text/plain"]!));
    }

    [Fact]
    public async Task Execute_LiveTrainingAndProgress_ChangeInTheirPlace()
    {
        await _kernel.ExecuteAsync($"#r \"{Path.Combine(AppContext.BaseDirectory, "CourseKit.dll")}\"\n#r \"{Path.Combine(AppContext.BaseDirectory, "CourseKit.Notebooks.dll")}\"\nusing CourseKit.Training;\nusing CourseKit.Notebooks;");
        var (reply, outputs) = await _kernel.ExecuteAsync("""
            var text = string.Concat(Enumerable.Repeat("the cat sat on the mat ", 100));
            CharacterModel.Train(text, new() { Hidden = 8, BatchSize = 2, Window = 10, Steps = 30, Progress = null, OnStep = _ => System.Threading.Thread.Sleep(30), Callbacks = [new Live()] });
            foreach (var i in Progress.Of([1, 2], "loop")) { }
            """);

        Assert.Equal("ok", (string)reply["status"]!);
        Assert.Equal(["display_data", "update_display_data"], outputs.Take(2).Select(output => output.Type));
        var places = outputs.GroupBy(output => (string)output.Content["transient"]!["display_id"]!).ToList();
        Assert.Equal(2, places.Count);
        Assert.All(places, place => Assert.Equal(["display_data", .. Enumerable.Repeat("update_display_data", place.Count() - 1)], place.Select(output => output.Type)));
        Assert.StartsWith("Training: step 0 of 30", (string)places[0].First().Content["data"]!["text/plain"]!, StringComparison.Ordinal);
        Assert.Matches("^Training: step 30 of 30, .* done 0:0", (string)places[0].Last().Content["data"]!["text/plain"]!);
        Assert.StartsWith("loop: 2 of 2", (string)places[1].Last().Content["data"]!["text/plain"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_DisplayWithoutSemicolon_ShowsOnce() =>
        Assert.Equal(["display_data"], (await _kernel.ExecuteAsync("display(3)")).Outputs.Select(output => output.Type));

    [Fact]
    public async Task Execute_Errors_NameCellLineAndSource()
    {
        var (reply, outputs) = await _kernel.ExecuteAsync("var a = 1;\nint b = nothing;");
        Assert.Equal("error", (string)reply["status"]!);
        Assert.Equal("CompilationError", (string)reply["ename"]!);
        string[] lines = ["\e[31mline 2: CS0103: The name 'nothing' does not exist in the current context\e[0m", "    int b = nothing;", "            ^^^^^^^"];
        Assert.Equal(lines, reply["traceback"]!.AsArray().Select(line => (string)line!));
        Assert.Equal(lines, outputs.Single(output => output.Type == "error").Content["traceback"]!.AsArray().Select(line => (string)line!));

        (reply, _) = await _kernel.ExecuteAsync("var one = 1;\n\nthrow new ArgumentException(\"no\");");
        Assert.Equal(("ArgumentException", "no"), ((string)reply["ename"]!, (string)reply["evalue"]!));
        Assert.Equal(["\e[31mArgumentException: no\e[0m", $"   at cell {reply["execution_count"]}, line 3: throw new ArgumentException(\"no\");"], reply["traceback"]!.AsArray().Select(line => (string)line!));
    }

    [Fact]
    public async Task Execute_SilentOrUnstored_CountsNothing()
    {
        var before = (int)(await _kernel.ExecuteAsync("1")).Reply["execution_count"]!;
        var (reply, outputs) = await _kernel.ExecuteAsync("Console.WriteLine(1); 2", new() { ["silent"] = true });
        Assert.Equal(before, (int)reply["execution_count"]!);
        Assert.Empty(outputs);
        (reply, outputs) = await _kernel.ExecuteAsync("3", new() { ["store_history"] = false });
        Assert.Equal(before, (int)reply["execution_count"]!);
        Assert.Single(outputs);
        Assert.Equal(before, (int)(await _kernel.ExecuteAsync("  \n ")).Reply["execution_count"]!);
        Assert.Equal(before + 1, (int)(await _kernel.ExecuteAsync("4")).Reply["execution_count"]!);
    }

    [Fact]
    public async Task Execute_UserExpressions_AreAnsweredWithoutATrace()
    {
        var (reply, outputs) = await _kernel.ExecuteAsync("var seen = 5;", new() { ["user_expressions"] = new JsonObject { ["a"] = "seen + 1", ["b"] = "unseen", ["c"] = "var lost = 1;" } });

        Assert.Empty(outputs);
        Assert.Equal("6", (string)reply["user_expressions"]!["a"]!["data"]!["text/plain"]!);
        Assert.Equal("error", (string)reply["user_expressions"]!["b"]!["status"]!);
        Assert.Equal("ok", (string)reply["user_expressions"]!["c"]!["status"]!);
        Assert.Equal("error", (string)(await _kernel.ExecuteAsync("lost")).Reply["status"]!);
    }

    [Fact]
    public async Task Execute_TextOfATaskThatOutlivesItsCell_Arrives()
    {
        var id = await _kernel.SendAsync("execute_request", KernelClient.Execute("_ = Task.Run(async () => { await Task.Delay(300); Console.Write(\"late\"); });"));
        _kernel.Reply(id);
        Assert.DoesNotContain(_kernel.Published(id), message => message.Type == "stream");
        Received? late;
        do
            late = _kernel.Next("iopub");
        while (late is not null && late.Type != "stream");
        Assert.Equal(("late", id), (late!.Text("text"), late.ParentId));
    }

    [Fact]
    public async Task Execute_ExceptionThatNobodyCatches_IsToldAndTheSessionLives()
    {
        await _kernel.ExecuteAsync("var alive = 7;");
        var id = await _kernel.SendAsync("execute_request", KernelClient.Execute("new System.Threading.Thread(() => throw new InvalidOperationException(\"lost\")).Start(); System.Threading.Thread.Sleep(500);"));
        Assert.Equal("ok", _kernel.Reply(id).Text("status"));
        var told = _kernel.Published(id).Single(message => message.Type == "stream");
        Assert.Equal("stderr", told.Text("name"));
        Assert.StartsWith("An exception in a thread of its own, which nobody caught: System.InvalidOperationException: lost", told.Text("text"), StringComparison.Ordinal);
        Assert.Equal("7", (string)(await _kernel.ExecuteAsync("alive")).Outputs.Single().Content["data"]!["text/plain"]!);
    }

    [Fact]
    public async Task Execute_AfterAnError_QueuedCellsAreAborted()
    {
        string[] ids =
        [
            await _kernel.SendAsync("execute_request", KernelClient.Execute("System.Threading.Thread.Sleep(500); throw new Exception(\"stop\");")),
            await _kernel.SendAsync("execute_request", KernelClient.Execute("1")),
            await _kernel.SendAsync("kernel_info_request", []),
            await _kernel.SendAsync("execute_request", KernelClient.Execute("2")),
        ];
        Assert.Equal(["error", "aborted", "ok", "aborted"], ids.Select(id => _kernel.Reply(id).Text("status")));
        Assert.Equal("ok", (string)(await _kernel.ExecuteAsync("3")).Reply["status"]!);

        ids =
        [
            await _kernel.SendAsync("execute_request", KernelClient.Execute("System.Threading.Thread.Sleep(500); throw new Exception(\"go on\");", new() { ["stop_on_error"] = false })),
            await _kernel.SendAsync("execute_request", KernelClient.Execute("1")),
        ];
        Assert.Equal(["error", "ok"], ids.Select(id => _kernel.Reply(id).Text("status")));
    }

    [Fact]
    public async Task Execute_TextThatIsNoUnicode_AndTenMegabytes_Arrive()
    {
        var (_, outputs) = await _kernel.ExecuteAsync("Console.Write(\"a\\ud800b\"); \"\\udc00\"");
        Assert.Equal(["a\uFFFDb", "\uFFFD"], outputs.Select(output => (string?)output.Content["text"] ?? (string)output.Content["data"]!["text/plain"]!));
        Assert.Equal("ok", (string)(await _kernel.ExecuteAsync("HTML(new string('x', 10_000_000))")).Reply["status"]!);
        (_, outputs) = await _kernel.ExecuteAsync("HTML(new string('x', 10_000_000))");
        Assert.Equal(10_000_000, ((string)outputs.Single().Content["data"]!["text/html"]!).Length);
        (_, outputs) = await _kernel.ExecuteAsync("for (var i = 0; i < 200_000; i++) Console.WriteLine(\"0123456789012345678901234567890123456789012345678\");");
        Assert.Equal(10_000_000, outputs.Sum(output => output.Text("text").Length));
    }

    [Fact]
    public async Task Requests_AThousandInFlight_AreAllAnsweredInOrder()
    {
        var ids = new List<string>();
        for (var i = 0; i < 1000; i++)
            ids.Add(await _kernel.SendAsync(i % 10 == 0 ? "execute_request" : "kernel_info_request", i % 10 == 0 ? KernelClient.Execute($"{i}") : []));
        var replies = ids.Select(_ => _kernel.Next("shell")!).ToList();
        Assert.Equal(ids, replies.Select(reply => reply.ParentId));
        Assert.All(replies, reply => Assert.Equal("ok", reply.Text("status")));
        Assert.Equal("990", (string)_kernel.Published(ids[990]).Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]!);
    }

    [Theory]
    [InlineData("var a = 1;", "complete", null)]
    [InlineData("for (var i = 0; i < 3; i++) {", "incomplete", "    ")]
    [InlineData("  if (true)", "incomplete", "  ")]
    [InlineData("1 +", "incomplete", "")]
    [InlineData("var = ;", "invalid", null)]
    [InlineData("", "complete", null)]
    public async Task IsComplete_Source_IsJudged(string code, string status, string? indent)
    {
        var reply = await _kernel.RequestAsync("is_complete_request", new() { ["code"] = code });
        Assert.Equal((status, indent), ((string)reply["status"]!, (string?)reply["indent"]));
    }

    [Fact]
    public async Task History_TailSearchAndRange_FindCells()
    {
        var number = (int)(await _kernel.ExecuteAsync("// first in history")).Reply["execution_count"]!;
        await _kernel.ExecuteAsync("// second in history");
        await _kernel.ExecuteAsync("// second in history");

        Assert.Equal(["// second in history", "// second in history"], Sources(await _kernel.RequestAsync("history_request", new() { ["hist_access_type"] = "tail", ["n"] = 2 })));
        Assert.Equal(["// first in history", "// second in history"],
            Sources(await _kernel.RequestAsync("history_request", new() { ["hist_access_type"] = "search", ["pattern"] = "// *in history", ["unique"] = true, ["n"] = 10 })));
        Assert.Equal(["// first in history"],
            Sources(await _kernel.RequestAsync("history_request", new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = number, ["stop"] = number + 1 })));
        var withOutput = await _kernel.RequestAsync("history_request", new() { ["hist_access_type"] = "tail", ["n"] = 1, ["output"] = true });
        Assert.Equal("// second in history", (string)withOutput["history"]![0]![2]![0]!);

        static IEnumerable<string> Sources(JsonObject reply) => reply["history"]!.AsArray().Select(entry => (string)entry![2]!);
    }

    [Fact]
    public async Task Comms_ThereAreNone()
    {
        Assert.Empty((await _kernel.RequestAsync("comm_info_request", []))["comms"]!.AsObject());
        var id = await _kernel.SendAsync("comm_open", new() { ["comm_id"] = "c1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() });
        Assert.Equal("c1", _kernel.Published(id).Single(message => message.Type == "comm_close").Text("comm_id"));
    }

    [Fact]
    public async Task Complete_AfterARunCell_KnowsItsNames()
    {
        await _kernel.ExecuteAsync("var marvellous = new { Length = 3 };");
        var reply = await _kernel.RequestAsync("complete_request", new() { ["code"] = "x = 𝒳 + marvellous.Le", ["cursor_pos"] = 21 });

        Assert.Equal(["Length"], reply["matches"]!.AsArray().Select(match => (string)match!));
        Assert.Equal((19, 21), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
        Assert.Equal("property", (string)reply["metadata"]!["_jupyter_types_experimental"]![0]!["type"]!);
        reply = await _kernel.RequestAsync("complete_request", new() { ["code"] = "marv", ["cursor_pos"] = 4 });
        Assert.Equal(["marvellous"], reply["matches"]!.AsArray().Select(match => (string)match!));
    }

    [Fact]
    public async Task Inspect_Call_ShowsSignatureAndWords()
    {
        var reply = await _kernel.RequestAsync("inspect_request", new() { ["code"] = "Math.Sqrt(", ["cursor_pos"] = 10, ["detail_level"] = 0 });

        Assert.True((bool)reply["found"]!);
        Assert.StartsWith("static double Math.Sqrt(double d)", (string)reply["data"]!["text/plain"]!, StringComparison.Ordinal);
        Assert.Contains("<code>", (string)reply["data"]!["text/html"]!, StringComparison.Ordinal);
        reply = await _kernel.RequestAsync("inspect_request", new() { ["code"] = "1 + 1", ["cursor_pos"] = 3, ["detail_level"] = 0 });
        Assert.False((bool)reply["found"]!);
    }

    [Fact]
    public async Task Input_IsAskedForAndAnswered()
    {
        var id = await _kernel.SendAsync("execute_request", KernelClient.Execute(
            "Console.Write(\"first \"); var typed = input(\"Name? \");\nvar read = Console.ReadLine();\n$\"{typed} {read} {(char)Console.Read()}\""));
        var asked = _kernel.Next("stdin")!;
        Assert.Equal(("input_request", "Name? ", false, id), (asked.Type, asked.Text("prompt"), (bool)asked.Content["password"]!, asked.ParentId));
        await _kernel.SendAsync("input_reply", new() { ["value"] = "Ann" }, "stdin");
        Assert.Equal("", _kernel.Next("stdin")!.Text("prompt"));
        await _kernel.SendAsync("input_reply", new() { ["value"] = "Bob" }, "stdin");
        Assert.Equal("", _kernel.Next("stdin")!.Text("prompt"));
        await _kernel.SendAsync("input_reply", new() { ["value"] = "xyz" }, "stdin");

        Assert.Equal("ok", _kernel.Reply(id).Text("status"));
        var published = _kernel.Published(id);
        Assert.Equal("first ", published.Single(message => message.Type == "stream").Text("text"));
        Assert.Equal("Ann Bob x", (string)published.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]!);
    }

    [Fact]
    public async Task Input_WhereItIsNotAllowed_IsAnErrorThatSaysSo()
    {
        var (reply, _) = await _kernel.ExecuteAsync("input(\"Name? \")", new() { ["allow_stdin"] = false });
        Assert.Equal("input: this front end cannot be asked. Give the value in the code, or run the cell in Jupyter.", (string)reply["evalue"]!);
    }

    [Fact]
    public async Task Interrupt_WhileWaitingForInput_EndsTheCell()
    {
        var id = await _kernel.SendAsync("execute_request", KernelClient.Execute("input(\"Never answered\")"));
        Assert.NotNull(_kernel.Next("stdin"));
        Assert.Equal("ok", (string)(await _kernel.RequestAsync("interrupt_request", [], "control"))["status"]!);
        Assert.Equal("Interrupted", _kernel.Reply(id).Text("ename"));
    }

    [Fact]
    public async Task UnknownRequest_IsLoggedAndPassedOver()
    {
        await _kernel.SendAsync("tea_request", []);
        Assert.Equal("ok", (string)(await _kernel.RequestAsync("kernel_info_request", []))["status"]!);
        Assert.Contains("coursekit kernel: tea_request: this kernel does not know such a request; it is passed over", _kernel.Log);
    }
}

extension FuzzSeed {
  /// Logs with something of everything that a tool prints.
  static let samples: [String: String] = [
    "megatron": """
    ------------------------ arguments ------------------------
      lr .............................................. 0.0003
      pipeline_model_parallel_size .................... 1
    -------------------- end of arguments ---------------------
     > padded vocab (size: 50257) with 47 dummy tokens (new size: 50304)
     > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 1001
    3: [2026-01-02 03:04:05] iteration 10/ 100 | consumed samples: 80 | learning rate: 3.0E-04 | \
    lm loss: 2.5E+00 | number of skipped iterations: 0 | number of nan iterations: 0 |
     validation-1 loss at iteration 100 on test set | lm loss value: 2.6E+00 | lm loss PPL: 1e1 |

    """,
    "torchtitan": """
    [rank0]:[titan] x - INFO - Building llama3 8B with Args(a='b', dim=4096, r=R(t=5e5, n=(1, 2)))
    [rank0]:[titan] x - INFO - \u{1b}[34mModel llama3 8B \u{1b}[31msize: 8,030 total parameters
    [rank0]:[titan] x - INFO - Optimizer AdamW (model_part=0): 3 params [.*] {'betas': (0.9, 0.95)}
    [rank0]:[titan] x - INFO - Trainer is initialized with 4096 tokens per DP rank (warmup 2)
    [rank0]:[titan] x - INFO - step:  1  loss: 12.2  memory: 2.3GiB(2%)  tps: 12,375  tflops: 1.7
    [rank0]:[titan] x - INFO - validate step:  1  loss: 12.0  tps: 300

    """,
    "nanogpt": """
    Overriding config with config/train_gpt2.py:
    gradient_accumulation_steps = 5 * 8 # x
    tokens per iteration will be: 491,520
    number of parameters: 10.65M
    num decayed parameter tensors: 26, with 10,740,096 parameters
    num non-decayed parameter tensors: 13, with 4,992 parameters
    step 0: train loss 4.2874, val loss 4.2823
    iter 0: loss 4.2654, time 67.63ms, mfu -100.00%

    """,
    "llmc": """
    | learning rate (LR)    | 2.000000e-03                                       |
    val loss 11.006021
    step    1/21479 | loss 11.007906 (+nanz)| norm 16.3235 (+nanz)| lr 2.86e-06 | 2734.72 ms
    s:0 tel:10.9
    s:0 trl:11.0 lr:0.000003 norm:15.39

    """,
    "nanochat": """
      "n_layer": 20,
    total                   : 560,988,160
    Total batch size 524,288 => gradient accumulation steps: 1
    Step 00000 | Validation bpb: 3.312345
    step 00000/21400 (0.00%) | loss: 11.090355 | lrm: 1.00 | dt: 300.00ms | tok/sec: 1,012,345

    """,
  ]
}
